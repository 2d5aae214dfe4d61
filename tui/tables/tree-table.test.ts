import test from 'ava';
import type { Snapshot, TreeNode } from '../../snapshots/document.js';
import { treeRows } from './tree-table.js';

const node = (id: number, parent: number | null): TreeNode =>
  ({ id, parent, function: 'main.Recurse', calls: 1, total_ns: 1, self_ns: 1, open: 0 }) as unknown as TreeNode;

const rowsOf = (tree: TreeNode[]) => treeRows({ functions: [], tree } as unknown as Snapshot, new Set(), 'total');

test('a recursion is shown down to where no terminal has columns left, and says that it goes on', (t) => {
  const rows = rowsOf(Array.from({ length: 50_000 }, (_, i) => node(i + 1, i === 0 ? null : i)));
  t.is(rows.length, 257);
  t.is(rows.at(-2)?.hiddenChildren, 0);
  t.is(rows.at(-1)?.hiddenChildren, 1);
});

test('a hundred thousand callees of one function are rows', (t) => {
  const before = process.cpuUsage();
  t.is(rowsOf([node(1, null), ...Array.from({ length: 100_000 }, (_, i) => node(i + 2, 1))]).length, 100_001);
  t.true(process.cpuUsage(before).user < 5e6);
});
