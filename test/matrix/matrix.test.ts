/**
 * Builds against behaviours: counts, returns, unwound, open calls and tree edges equal the program's own truth, its text
 * is unchanged, and it ends well. `npm test` runs a slice; `npm run test:matrix` (CORAL_MATRIX=full) all of it.
 * CORAL_MATRIX=WORD: the rows whose title holds the word.
 */

import test from 'ava';
import { type FunctionRow, rowOf, type Snapshot } from '../story/lines.js';
import { openStage, type Stage } from '../story/stage.js';
import { changedText } from '../story/text-of.js';
import type { FunctionTruth, Truth } from '../targets/target.js';
import { CASES, type Case } from './cases.js';

const THREADS = 4;
const CHOICE = process.env.CORAL_MATRIX ?? '';

let stage: Stage;
test.before(async () => {
  stage = await openStage();
});
test.after.always(() => stage.close());

const isChosen = ({ title, inSlice }: Case): boolean => (CHOICE === '' ? inSlice : CHOICE === 'full' || title.includes(CHOICE));

for (const row of CASES.filter(isChosen)) {
  test.serial(`${row.title}: counts, returns, open calls and tree edges equal the truth`, async (t) => {
    t.timeout(300_000);
    const target = await stage.target(row.build);
    const names = [...row.functions, ...(row.counted ?? []), ...Object.keys(row.refused ?? {})].flatMap((name) => [
      '--function',
      `${row.prefix ?? ''}${name}`,
    ]);
    const attachment = await stage.attach(`pid:${target.pid}`, ...names, '--budget', 'unlimited', ...(row.options ?? []));
    let truth: Truth = { functions: {} };
    for (const [work, turns] of row.works) truth = await target.run(work, turns, THREADS);
    const snapshot = await attachment.end();

    t.deepEqual(countFaults(snapshot, truth, row.functions), []);
    for (const name of row.counted ?? []) t.is(rowOf(snapshot, name).calls, truth.functions[name]?.calls ?? -1, name);
    t.deepEqual(refusalsOf(snapshot), row.refused ?? {});
    t.deepEqual(Object.keys(snapshot.losses), row.losses ?? []);
    t.deepEqual(edgeFaults(snapshot, truth, row.counted ?? []), []);
    t.deepEqual(changedText(target.pid), []);
    t.is(await target.end(), 0);
  });
}

type Counts = FunctionTruth & { in_flight: number };

const refusalsOf = ({ refused }: Snapshot): Record<string, string> =>
  Object.fromEntries(refused.map(({ function: name, code }) => [name, code]));

/** What differs from the truth, function by function. */
function countFaults({ functions }: Snapshot, truth: Truth, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const found = JSON.stringify(sumOf(functions.filter((row) => isOf(row.name, name))));
    const { calls, returns, unwound } = truth.functions[name] as FunctionTruth;
    const expected = JSON.stringify({ calls, returns, unwound, in_flight: 0 });
    return found === expected ? [] : [`${name}: ${found}, in truth ${expected}`];
  });
}

/** A clone (`f.constprop.0`) stands for its function; rows of templates leave out the return type. */
const isOf = (row: string, name: string): boolean =>
  row === name || name.endsWith(` ${row}`) || (row.startsWith(`${name}.`) && /\.(isra|constprop)\./.test(row));

function sumOf(rows: readonly FunctionRow[]): Counts {
  const sum = { calls: 0, returns: 0, unwound: 0, in_flight: 0 };
  for (const row of rows) {
    sum.calls += row.calls;
    sum.returns += row.returns;
    sum.unwound += row.unwound;
    sum.in_flight += row.in_flight;
  }
  return sum;
}

/** What is known of who calls whom: all calls of the second come from the first. */
const EDGES: [parent: string, child: string][] = [
  ['main.Checkout', 'main.Validate'],
  ['main.Checkout', 'main.Pay'],
  ['main.Pay', 'main.Reserve'],
  ['main.Rescue', 'main.Fragile'],
  ['main.Rescue', 'main.Deep'],
  ['main.adder.Add-fm', 'main.adder.Add'],
  ['shop::attempt(int)', 'shop::thrower(int, int)'],
  ['shop::rescue(int)', 'shop::fragile(int)'],
  ['shop::rescue(int)', 'shop::below(int)'],
  ['steady::rescue', 'steady::fragile'],
  ['steady::rescue', 'steady::below'],
];

/** Calls below another parent (or itself), and nodes whose calls do not add up to the row's; counted calls are in no tree. */
function edgeFaults({ tree, functions }: Snapshot, truth: Truth, counted: readonly string[]): string[] {
  const nodes = new Map(tree.map((node) => [node.id, node]));
  const faults: string[] = [];
  for (const { name, calls } of functions.filter((row) => !counted.includes(row.name))) {
    const inTree = tree.filter((node) => node.function === name).reduce((sum, node) => sum + node.calls, 0);
    if (inTree !== calls) faults.push(`${name}: ${inTree} calls in the tree, ${calls} in its row`);
  }
  for (const [parent, child] of EDGES) {
    if (truth.functions[parent] === undefined || !functions.some(({ name }) => name === parent)) continue;
    for (const node of tree.filter((each) => each.function === child)) {
      const above = node.parent === null ? 'root' : nodes.get(node.parent)?.function;
      if (above !== parent && above !== child) faults.push(`${node.calls} calls of ${child} below ${above}`);
    }
  }
  return faults;
}
