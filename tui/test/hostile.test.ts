import test from 'ava';
import type { Snapshot } from '../../snapshots/document.js';
import { glyphSet } from '../cells/glyphs.js';
import { themeFor } from '../cells/theme.js';
import { NO_WISHES } from '../feed/feed.js';
import { actionOf } from '../keys/dispatch.js';
import type { Input } from '../keys/key.js';
import { BINDINGS } from '../keys/table.js';
import { buildNamePool } from '../search/name-pool.js';
import { Search } from '../search/search.js';
import { reduce } from '../state/reduce.js';
import { initialState, type State, VIEWS } from '../state/state.js';
import { frameOf } from '../view/frame.js';
import { indexOf, plan, service } from './fake-feed.js';
import { fakeSnapshot } from './fake-snapshot.js';

const LOOK = { theme: themeFor(256), glyphs: glyphSet('braille') };
const EVIL = '\x1b]0;owned\x07\x1b[2J\x9b31m\u202E{bold}x{/bold}';
const FORBIDDEN = /[\x00-\x1f\x7f-\x9f\u202e]/;

/** Every string of a document replaced by a hostile one; numbers and times stay. */
function poisoned(snapshot: Snapshot): Snapshot {
  const text = JSON.stringify(snapshot, (key, value) => (typeof value === 'string' && !/(_at|^at)$/.test(key) ? EVIL : value));
  return JSON.parse(text) as Snapshot;
}

function measured(snapshot: Snapshot): State {
  const start: State = initialState({ columns: 120, rows: 40, nowMs: 0, source: { name: EVIL, live: true } });
  const trends = { samples: [], heat: new Map(), before: new Map(), columnAtNs: 0 };
  const session = {
    id: 'dbg-1',
    service: EVIL,
    status: 'running' as const,
    functions: [EVIL],
    trends,
    wishes: { ...NO_WISHES, captureValues: true, filters: [EVIL] },
    singles: new Map([[EVIL, snapshot.slow_calls]]),
    heardAtMs: 0,
    borrowed: false,
    expiresAtMs: 60_000,
  };
  const watching: State = { ...start, connection: 'ready', service: EVIL, session };
  return reduce(watching, {
    type: 'watched',
    sessionId: 'dbg-1',
    event: { kind: 'reading', reading: { snapshot, rowCostNs: [] } },
  }).state;
}

function withLists(state: State): State {
  const index = indexOf([EVIL, `${EVIL}2`]);
  const pool = buildNamePool(index.names);
  const debug = {
    sessionId: EVIL,
    serviceName: EVIL,
    functionName: EVIL,
    agentId: EVIL,
    startedAt: undefined,
    expiresAt: undefined,
    status: EVIL,
    eventCount: 1,
    functions: [EVIL],
    pids: [1],
    requestedBy: EVIL,
    endedAt: undefined,
  };
  return {
    ...state,
    services: [
      service(EVIL, 1, { language: EVIL, languageVersion: EVIL, executable: EVIL }),
      service(EVIL, 2, { probeable: false, reason: EVIL }),
    ],
    functions: { service: EVIL, index: { ...index, files: [EVIL, EVIL] }, pool, hits: new Search(pool, '').hits() },
    plans: new Map([[EVIL, plan(EVIL, EVIL)]]),
    sessions: [debug],
    history: [{ session: debug, snapshot: poisoned(fakeSnapshot('dbg-1', ['a'], 5)) }],
    notice: { text: EVIL, tone: 'warn', untilMs: 1e15 },
  };
}

test('hostile names, arguments, reasons and errors reach no cell of any view', (t) => {
  const state = withLists(measured(poisoned(fakeSnapshot('dbg-1', ['main.a', 'main.b'], 5))));
  for (const view of VIEWS) {
    const grid = frameOf({ ...state, view }, LOOK);
    t.false(FORBIDDEN.test(grid.chars.join('')), view);
    t.true(grid.chars.every((char) => char.length === 1));
  }
});

test('10,000 random keys leave a state that draws', (t) => {
  let state = withLists(measured(fakeSnapshot('dbg-1', ['main.a', 'main.b'], 5)));
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  const names = [...BINDINGS.flatMap((binding) => binding.keys), 'x', 'backspace', 'left', 'M-x', 'S-up', 'F12'];
  for (let i = 0; i < 10_000; i++) {
    const name = names[random(names.length)] ?? 'x';
    const text = name.length === 1 ? { text: name } : name === 'space' ? { text: ' ' } : {};
    const inputs: Input[] = [
      { kind: 'key', key: { name, ...text } },
      { kind: 'click', x: random(130), y: random(45) },
      { kind: 'paste', text: EVIL },
    ];
    const action = actionOf(state, inputs[random(20) < 18 ? 0 : 1 + random(2)] as Input);
    if (action !== undefined) state = reduce(state, { type: 'action', action }).state;
    if (i % 10 === 0) t.notThrows(() => frameOf({ ...state, columns: 20 + random(200), rows: 5 + random(60) }, LOOK));
  }
  t.true(VIEWS.includes(state.view));
});

test('a frame of every view at 200x60 takes little time, reported', (t) => {
  const state = {
    ...withLists(
      measured(
        fakeSnapshot(
          'dbg-1',
          Array.from({ length: 64 }, (_, i) => `main.f${i}`),
          60,
        ),
      ),
    ),
    columns: 200,
    rows: 60,
  };
  for (const view of VIEWS) {
    const times = Array.from({ length: 20 }, () => {
      const startedMs = performance.now();
      frameOf({ ...state, view }, LOOK);
      return performance.now() - startedMs;
    }).sort((a, b) => a - b);
    t.log(`${view}: p50 ${times[10]?.toFixed(2)} ms, worst ${times[19]?.toFixed(2)} ms`);
  }
  t.pass();
});
