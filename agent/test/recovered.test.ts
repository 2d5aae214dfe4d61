/** Calls that recovered panics left, on goroutines that run on: told at once, so that what is called next has its true caller. */

import test from 'ava';
import type { SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { unpackTree } from '../../snapshots/columns/tree.js';
import { startTarget } from '../kernel/test/targets.js';
import { buildGo } from './go-target.js';
import { type RealPair, rowsOf, startPair } from './real-pair.js';

let pair: RealPair;
test.before(async () => {
  pair = await startPair();
});
test.after.always(() => pair.stop());

/** Without what recovers: its return would tell. */
const FUNCTIONS = ['fail', 'refail', 'callBelow', 'work'];

/** Calls by caller and function: "work>attempt". */
function edgesOf({ tree }: SessionTick, slots: readonly { name: string }[]): Record<string, number> {
  const { id, parent, row, calls } = unpackTree(tree!);
  const nameOf = new Map([...id].map((node, i) => [node, slots[row[i]!]!.name.replace('main.', '')]));
  const edges: Record<string, number> = {};
  for (const [i, node] of id.entries()) {
    const edge = `${nameOf.get(parent[i]!) ?? ''}>${nameOf.get(node)}`;
    edges[edge] = (edges[edge] ?? 0) + calls[i]!;
  }
  return edges;
}

for (const end of ['is stopped', 'dies with its target']) {
  test.serial(`a session that ${end}: left calls are unwound, and are nobody's callers`, async (t) => {
    const target = await startTarget(buildGo('values/recovered.go'));
    const sessionId = `dbg-${target.pid}`;
    const armed = await pair.open(sessionId, { pids: [target.pid], functions: FUNCTIONS.map((name) => `main.${name}`) });
    const truth = await target.exercise('work');
    if (end !== 'is stopped') target.kill();
    const { tick } =
      end === 'is stopped' ? await pair.close(sessionId) : await pair.colony.find('end', (each) => each.sessionId === sessionId);
    target.kill();
    const rows = rowsOf(tick, armed);
    const counts = FUNCTIONS.map((name) => {
      const { calls, returns, unwound, inFlight } = rows[`main.${name} ${target.pid}`]!;
      return { name, calls, returns, unwound, inFlight };
    });
    t.deepEqual(counts, [
      { name: 'fail', calls: truth.fail!, returns: 0, unwound: truth.fail!, inFlight: 0 },
      { name: 'refail', calls: truth.refail!, returns: 0, unwound: truth.refail!, inFlight: 0 },
      { name: 'callBelow', calls: truth.callBelow!, returns: truth.callBelow!, unwound: 0, inFlight: 0 },
      { name: 'work', calls: 4, returns: 0, unwound: 0, inFlight: 4 },
    ]);
    t.deepEqual(edgesOf(tick!, armed.slots), {
      '>work': 4,
      '>fail': 4,
      'work>fail': 200,
      'fail>fail': 51,
      'fail>refail': 51,
      'work>callBelow': 200,
    });
  });
}
