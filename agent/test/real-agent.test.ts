import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { unpackFunctions } from '../../snapshots/columns/functions.js';
import { buildGoTarget, startTarget, type Target } from '../kernel/test/targets.js';
import { runAgent } from '../main.js';
import { FakeColony } from './fake-colony.js';
import { closeOrder, openOrder } from './orders.js';

let colony: FakeColony;
let target: Target;
let ended: Promise<void>;
const runtimeDir = mkdtempSync(join(tmpdir(), 'coral-agent-test-'));

test.before(async () => {
  target = await startTarget(buildGoTarget());
  colony = await new FakeColony().listen();
  const environment = { CORAL_RUNTIME_DIR: runtimeDir };
  ended = runAgent({ version: 'test', colony: colony.address, agentId: 'host-a', sdkListen: 'off', environment });
  await colony.find('services');
});

test.after.always(async () => {
  process.emit('SIGTERM');
  await ended;
  colony.stop();
  await target.stop();
  rmSync(runtimeDir, { recursive: true, force: true });
});

async function open(sessionId: string, functions: string[]): Promise<PartArmed> {
  const { result, errorMessage } = await colony.order(openOrder(sessionId, [target.pid], { functions }));
  if (result?.$case !== 'armed') throw new Error(errorMessage);
  return result.value;
}

async function close(sessionId: string) {
  await colony.order(closeOrder(sessionId));
  return colony.find('end', (end) => end.sessionId === sessionId);
}

/** The rows of a tick by function name. */
function rowsOf(tick: SessionTick | undefined, { slots }: PartArmed) {
  const table = unpackFunctions(tick!.functions!);
  return Object.fromEntries(
    [...table.row].map((row, i) => {
      const { calls, returns, inFlight, unwound, untracked, histograms } = table;
      const numbers = {
        calls: calls[i]!,
        returns: returns[i]!,
        inFlight: inFlight[i]!,
        unwound: unwound[i]!,
        untracked: untracked[i]!,
      };
      return [slots[row]!.name, { ...numbers, histogram: histograms[i] }];
    }),
  );
}

test.serial('calls on eight goroutines are counted to the last one, and the text is as before', async (t) => {
  const armed = await open('dbg-many', ['outer', 'middle', 'main.work']);
  const truth = await target.exercise('many');
  const { tick, textVerified, textDetail } = await close('dbg-many');
  const rows = rowsOf(tick, armed);
  for (const name of ['outer', 'middle', 'work']) {
    t.like(rows[`main.${name}`], { calls: truth[name]!, returns: truth[name]!, inFlight: 0, unwound: 0, untracked: 0 });
  }
  t.true(textVerified, textDetail);
  t.deepEqual(tick!.losses, []);
});
