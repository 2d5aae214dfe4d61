/** Calls that an exception or longjmp left, on threads that wait on the same stack ever since: real ones, by a real agent. */

import test from 'ava';
import { buildTarget, startTarget } from '../kernel/test/targets.js';
import { buildGo } from './go-target.js';
import { type RealPair, type Row, rowsOf, startPair } from './real-pair.js';

let pair: RealPair;
test.before(async () => {
  pair = await startPair();
});
test.after.always(() => pair.stop());

type Counts = Pick<Row, 'calls' | 'inFlight' | 'unwound'>;

/** What a session of these functions counts while a program does an exercise, and what the program counted. */
async function measure(path: string, exercise: string, functions: string[]) {
  const target = await startTarget(path);
  const sessionId = `dbg-${target.pid}`;
  const armed = await pair.open(sessionId, { pids: [target.pid], functions });
  const truth = await target.exercise(exercise);
  const { tick } = await pair.close(sessionId);
  target.kill();
  const rows: Record<string, Counts> = {};
  for (const [named, { calls, inFlight, unwound }] of Object.entries(rowsOf(tick, armed)))
    rows[named.replace(/(\(.*)? \d+$/, '')] = { calls, inFlight, unwound };
  return { rows, truth };
}

const open = (calls: number | undefined): Counts => ({ calls: calls!, inFlight: calls!, unwound: 0 });
const left = (calls: number | undefined): Counts => ({ calls: calls!, inFlight: 0, unwound: calls! });

const BUILDS = {
  'g++ -O0': '-O0',
  'g++ -O2': '-O2',
  'g++ with frame pointers': '-fp',
  'g++ linked statically': '-static',
  'clang++ -O2': '-clang',
};
const COMPILERS: Record<string, string> = {
  '-O0': 'g++ -O0',
  '-O2': 'g++ -O2',
  '-fp': 'g++ -O2 -fno-omit-frame-pointer',
  '-static': 'g++ -O2 -static',
  '-clang': 'clang++ -O2 -Wno-unknown-attributes',
};

for (const [name, suffix] of Object.entries(BUILDS)) {
  test.serial(
    `${name}: calls that were left are unwound though their threads wait deeper, and open calls stay open`,
    async (t) => {
      const path = buildTarget('leavers.cc', `${COMPILERS[suffix]} -pthread`, suffix);
      const { rows, truth } = await measure(path, 'leave', ['outer', 'thrower', 'jumper', 'inner']);
      t.deepEqual(rows, {
        outer: open(truth.outer),
        thrower: left(truth.thrower),
        jumper: left(truth.jumper),
        inner: open(truth.inner),
      });
    },
  );
}

test.serial('calls that a handler interrupted stay open, on whatever stack it runs', async (t) => {
  const path = buildTarget('leavers.cc', 'g++ -O2 -pthread', '-O2');
  const { rows, truth } = await measure(path, 'interrupt', ['raiser']);
  t.deepEqual(rows, { raiser: open(truth.raiser) });
});

test.serial(
  'calls that a recovered panic left are unwound though their goroutines wait deeper, and open calls stay open',
  async (t) => {
    const { rows, truth } = await measure(buildGo('values/pool.go'), 'work', ['main.fail', 'main.hold']);
    t.deepEqual(rows, { 'main.fail': left(truth.fail), 'main.hold': open(truth.hold) });
  },
);
