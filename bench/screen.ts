/** What a person at `coral top` waits for: a frame, a reading of many functions, and a key's answer in a list of 100,000. */

import { glyphSet } from '../tui/cells/glyphs.js';
import { themeFor } from '../tui/cells/theme.js';
import { NO_WISHES } from '../tui/feed/feed.js';
import { buildNamePool } from '../tui/search/name-pool.js';
import { Search, warmUp } from '../tui/search/search.js';
import type { Event } from '../tui/state/action.js';
import { reduce } from '../tui/state/reduce.js';
import { initialState, type State } from '../tui/state/state.js';
import { FakeFeed } from '../tui/test/fake-feed.js';
import { frameOf } from '../tui/view/frame.js';
import { type Measurement, quantile } from './report.js';

const FRAMES = 300;
const READINGS = 30;
const MANY = Array.from({ length: 1000 }, (_, n) => `main.f${n}`);
const NAMES = 100_000;
const TYPED = ['validatecard', 'srvhttp', 'runtime.gc', 'p17f99', 'xyzzy'];

/** Frame time of the live view in a large terminal; a reading that comes five times a second; a key's search. */
export async function* measureScreen(): AsyncIterable<Measurement> {
  const frames = await frameTimesMs(200, 60);
  yield { what: 'a frame of the live view at 200x60, median', value: quantile(frames, 0.5), unit: 'ms' };
  yield { what: 'a frame of the live view at 200x60, p95', value: quantile(frames, 0.95), unit: 'ms', goal: { atMost: 16 } };
  const readings = await readingTimesMs();
  yield {
    what: 'a reading of 1,000 functions and its frame, p95',
    value: quantile(readings, 0.95),
    unit: 'ms',
    goal: { atMost: 50 },
  };
  const keys = keyTimesMs();
  yield { what: 'a key in a list of 100,000 names, p95', value: quantile(keys, 0.95), unit: 'ms', goal: { atMost: 16 } };
  yield { what: 'a key in a list of 100,000 names, longest', value: quantile(keys, 1), unit: 'ms' };
}

const LOOK = { theme: themeFor(256), glyphs: glyphSet('braille') };

async function frameTimesMs(columns: number, rows: number): Promise<number[]> {
  const state = await liveState(columns, rows, new FakeFeed());
  return Array.from({ length: FRAMES }, () => timeMs(() => frameOf(state, LOOK)));
}

async function readingTimesMs(): Promise<number[]> {
  const feed = new FakeFeed();
  feed.names = MANY;
  let state = await liveState(200, 60, feed);
  const { id, reading } = state.session!;
  return Array.from({ length: READINGS }, () =>
    timeMs(() => {
      state = reduce(state, { type: 'watched', sessionId: id, event: { kind: 'reading', reading: { ...reading! } } }).state;
      frameOf(state, LOOK);
    }),
  );
}

/** The workbench half a minute into a session, with what its reducer makes of the feed's words. */
async function liveState(columns: number, rows: number, feed: FakeFeed): Promise<State> {
  const { sessionId } = await feed.open({ service: 'checkout', functions: feed.names, wishes: NO_WISHES });
  const events: Event[] = [
    { type: 'services', services: await feed.services() },
    { type: 'show-session', sessionId },
  ];
  feed.watch(sessionId, (event) => events.push({ type: 'watched', sessionId, event }));
  for (let second = 0; second < 30; second++) feed.advance(sessionId, 1);
  const start = initialState({ columns, rows, nowMs: Date.now(), source: { name: 'bench', live: true } });
  const state = events.reduce((before, event) => reduce(before, event).state, start);
  if (state.session?.reading === undefined) throw new Error(`the live view shows no session but ${state.view}`);
  return state;
}

/** Every key narrows what the key before it found, as in the screen. */
function keyTimesMs(): number[] {
  const pool = buildNamePool(Array.from({ length: NAMES }, (_, n) => nameOf(n)));
  warmUp(pool);
  const times: number[] = [];
  for (const word of TYPED) {
    let before: Search | undefined;
    for (let length = 1; length <= word.length; length++) {
      times.push(
        timeMs(() => {
          const search = new Search(pool, word.slice(0, length), before);
          search.step(Number.POSITIVE_INFINITY);
          before = search;
        }),
      );
    }
  }
  return times;
}

function nameOf(n: number): string {
  const packages = ['net/http', 'runtime', 'github.com/acme/shop/internal/payment', 'encoding/json', 'main'];
  const methods = ['ServeHTTP', 'validateCard', 'gcBgMarkWorker', '(*Server).Checkout', 'unmarshalField', '(*conn).serve'];
  return `${packages[n % 5]}.${methods[n % 6]}${Math.floor(n / 30)}`;
}

function timeMs(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
