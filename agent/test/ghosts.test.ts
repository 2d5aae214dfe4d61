/** Calls that an exception or longjmp left, on threads that wait on the same stack ever since: real ones, by a real agent. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { unpackFunctions } from '../../snapshots/columns/functions.js';
import { buildTarget, startTarget } from '../kernel/test/targets.js';
import { runAgent } from '../main.js';
import { FakeColony } from './fake-colony.js';
import { closeOrder, openOrder } from './orders.js';

let colony: FakeColony;
let ended: Promise<void>;
const runtimeDir = mkdtempSync(join(tmpdir(), 'coral-ghosts-test-'));

test.before(async () => {
  colony = await new FakeColony().listen();
  const environment = { CORAL_RUNTIME_DIR: runtimeDir };
  ended = runAgent({ version: 'test', colony: colony.address, agentId: 'host-a', sdkListen: 'off', environment });
  await colony.find('services');
});

test.after.always(async () => {
  process.emit('SIGTERM');
  await ended;
  colony.stop();
  rmSync(runtimeDir, { recursive: true, force: true });
});

interface Row {
  calls: number;
  inFlight: number;
  unwound: number;
}

/** What a session of these functions counts while a program does an exercise, and what the program counted. */
async function measure(path: string, exercise: string, functions: string[]) {
  const target = await startTarget(path);
  const sessionId = `dbg-${target.pid}`;
  const { result, errorMessage } = await colony.order(openOrder(sessionId, [target.pid], { functions }));
  if (result?.$case !== 'armed') throw new Error(errorMessage);
  const truth = await target.exercise(exercise);
  await colony.order(closeOrder(sessionId));
  const { tick } = await colony.find('end', (end) => end.sessionId === sessionId);
  target.kill();
  const table = unpackFunctions(tick!.functions!);
  const rows: Record<string, Row> = {};
  table.row.forEach((row, i) => {
    const name = result.value.slots[row]!.name.replace(/\(.*/, '');
    rows[name] = { calls: table.calls[i]!, inFlight: table.inFlight[i]!, unwound: table.unwound[i]! };
  });
  return { rows, truth };
}

const open = (calls: number | undefined): Row => ({ calls: calls!, inFlight: calls!, unwound: 0 });
const left = (calls: number | undefined): Row => ({ calls: calls!, inFlight: 0, unwound: calls! });

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
