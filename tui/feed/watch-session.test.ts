import test from 'ava';
import type { Colony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';
import type { WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { plan, sessionInfo, tickOf } from '../../snapshots/ledger/fixture.js';
import type { WatchEvent } from './feed.js';
import { watchSession } from './watch-session.js';

type Update = NonNullable<WatchSessionResponse['update']>;

/** A colony that only streams these frames, then fails if told to. */
function streaming(frames: readonly Update[], failure?: Error): Colony {
  const watch = () => ({
    cancel: () => undefined,
    async *[Symbol.asyncIterator]() {
      for (const update of frames) yield { update };
      if (failure !== undefined) throw failure;
    },
  });
  return { watch } as unknown as Colony;
}

const heard = (colony: Colony, last: WatchEvent['kind']): Promise<WatchEvent[]> =>
  new Promise((resolve) => {
    const events: WatchEvent[] = [];
    watchSession(colony, 'dbg-1', (event) => {
      events.push(event);
      if (event.kind === last) resolve(events);
    });
  });

const INFO: Update = { $case: 'session', value: sessionInfo([plan('main.work')]) };
const tick = (seq: number, calls: number): Update => ({
  $case: 'tick',
  value: tickOf('', seq, [{ slot: 0, durationsNs: new Array<number>(calls).fill(5_000_000), inFlight: 2 }]),
});

test('ticks become readings of the whole session, a repeated one is heard once', async (t) => {
  const events = await heard(streaming([INFO, tick(1, 10), tick(1, 10), tick(2, 30)], new Error('over')), 'failed');
  const readings = events.flatMap((event) => (event.kind === 'reading' ? [event.reading.snapshot.functions[0]] : []));
  t.deepEqual(
    readings.map((f) => [f?.calls, f?.returns, f?.in_flight]),
    [
      [12, 10, 2],
      [32, 30, 2],
    ],
  );
});

test('a stream that breaks is told with its error', async (t) => {
  const gone = new CoralError('COLONY_UNREACHABLE', 'the colony is gone');
  const events = await heard(streaming([INFO, tick(1, 10)], gone), 'failed');
  t.deepEqual(
    events.map(({ kind }) => kind),
    ['session', 'reading', 'failed'],
  );
  t.deepEqual(events.at(-1), { kind: 'failed', error: gone });
});
