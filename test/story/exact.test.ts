import test from 'ava';
import { goBuild } from '../targets/builds.js';
import type { Target, Truth } from '../targets/target.js';
import { rowOf, type Snapshot } from './lines.js';
import { openStage, type Stage } from './stage.js';
import { changedText } from './text-of.js';

/** Calls of the mixed work; the full figure of the promise is 5 million. */
const TURNS = Number(process.env.CORAL_TEST_TURNS ?? 40_000);

let stage: Stage;
let target: Target;

test.before(async () => {
  stage = await openStage();
  target = await stage.target(goBuild());
});
test.beforeEach(() => target.tell('reset'));
test.after.always(() => stage.close());

function countsOf(snapshot: Snapshot, names: string[]) {
  return Object.fromEntries(
    names.map((name) => {
      const { calls, returns, unwound } = rowOf(snapshot, name);
      return [name, { calls, returns, unwound }];
    }),
  );
}

function truthOf(truth: Truth, names: string[]) {
  return Object.fromEntries(names.map((name) => [name, truth.functions[name]]));
}

const ALL = ['Plain', 'Recurse', 'Grow', 'Guard', 'MayPanic', 'Leave', 'Migrate', 'Checkout', 'Validate', 'Pay', 'Reserve'].map(
  (name) => `main.${name}`,
);
const flags = (names: string[]) => names.flatMap((name) => ['--function', name]);

test.serial(
  'calls, returns and unwound equal the program’s own count to the last one, under growth, panics, GC and migration',
  async (t) => {
    t.timeout(600_000);
    await target.tell('churn on');
    const attachment = await stage.attach(`pid:${target.pid}`, ...flags(ALL), '--budget', 'unlimited', '--duration', '10m');
    const truth = await target.run('mixed', TURNS, 8);
    const snapshot = await attachment.end();
    await target.tell('churn off');

    t.deepEqual(countsOf(snapshot, ALL), truthOf(truth, ALL));
    t.deepEqual(snapshot.losses, {});
    t.deepEqual(snapshot.refused, []);
    t.is(snapshot.end_reason, 'interrupted');
    for (const row of snapshot.functions) {
      t.is(row.calls, row.returns + row.in_flight + row.unwound + row.untracked, `${row.name} adds up`);
      t.deepEqual([row.in_flight, row.untracked, row.joined_mid_call], [0, 0, 0], row.name);
      t.is(row.latency?.count, row.returns, `${row.name}: every return has a latency`);
      t.is(
        row.latency?.histogram.reduce((sum, [, , count]) => sum + count, 0),
        row.returns,
        `${row.name}: the buckets hold all`,
      );
    }
    t.deepEqual(changedText(target.pid), []);
  },
);

test.serial('five million counted calls from eight goroutines are five million', async (t) => {
  const attachment = await stage.attach(
    `pid:${target.pid}`,
    '--function',
    'main.Recurse',
    '--count-only',
    '--budget',
    'unlimited',
  );
  const truth = await target.run('recurse', 100_000, 8);
  const snapshot = await attachment.end();
  t.is(rowOf(snapshot, 'main.Recurse').calls, 5_050_000);
  t.is(truth.functions['main.Recurse']?.calls, 5_050_000);
  t.deepEqual(snapshot.losses, {});
});

test.serial('a call made after the session line is counted, however soon', async (t) => {
  for (let round = 0; round < 5; round++) {
    const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Validate');
    await target.run('order', 1, 1);
    t.is(rowOf(await attachment.end(), 'main.Validate').calls, 2);
  }
});

test.serial('edges of the call tree are exact', async (t) => {
  const names = ['main.Checkout', 'main.Validate', 'main.Pay', 'main.Reserve'];
  const attachment = await stage.attach(`pid:${target.pid}`, ...flags(names), '--budget', 'unlimited');
  await target.run('order', 2_000, 8);
  const { tree } = await attachment.end();
  const edges = tree.map(({ parent, function: name, calls, open }) => {
    const above = tree.find(({ id }) => id === parent);
    return `${above?.function ?? 'root'} > ${name}: ${calls}, ${open} open`;
  });
  t.deepEqual(edges.sort(), [
    'main.Checkout > main.Pay: 2000, 0 open',
    'main.Checkout > main.Validate: 4000, 0 open',
    'main.Pay > main.Reserve: 6000, 0 open',
    'root > main.Checkout: 2000, 0 open',
  ]);
  for (const node of tree) {
    const below = tree.filter(({ parent }) => parent === node.id).reduce((sum, { total_ns }) => sum + total_ns, 0);
    t.is(node.total_ns, node.self_ns + below, `${node.function}: total is self and what is below`);
  }
});

test.serial('recursion gives a chain in the tree, and one row', async (t) => {
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Recurse', '--budget', 'unlimited');
  const truth = await target.run('recurse', 500, 4);
  const snapshot = await attachment.end();
  t.deepEqual(countsOf(snapshot, ['main.Recurse']), truthOf(truth, ['main.Recurse']));
  const inTree = snapshot.tree.reduce((sum, { calls }) => sum + calls, 0);
  t.is(inTree, truth.functions['main.Recurse']?.calls ?? Number.NaN);
});
