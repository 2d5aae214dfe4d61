/** The call tree as a table: one row a node, children under their parent, the largest first. */

import type { Snapshot, TreeNode } from '../../snapshots/document.js';
import { countText, durationText, percentText } from '../cells/format.js';
import type { GlyphSet } from '../cells/glyphs.js';
import { cellText, cutName } from '../cells/text.js';
import { bar } from '../charts/bar.js';
import type { Cell, Column } from './column.js';

export interface TreeRow {
  /** The functions from the root, so that a node is the same one in the next reading. */
  readonly key: string;
  readonly name: string;
  /** The functions that started a root's goroutines, as "go main.serve +2"; empty: not known, or no root. */
  readonly startedBy: string;
  /** For each level whether the ancestor there is the last of its siblings. */
  readonly lasts: readonly boolean[];
  readonly calls: number;
  readonly callsPerParent: number;
  readonly totalNs: number;
  readonly selfNs: number;
  readonly open: number;
  /** Of the slowest root's total, 0 to 1. */
  readonly totalShare: number;
  readonly selfShare: number;
  readonly hiddenChildren: number;
  /** What the function's calls waited for most, of their time; absent where the function is at several places. */
  readonly waiting?: { readonly reason: string; readonly share: number };
}

/** Levels that are shown, more than any terminal has columns for; recursion goes thousands of levels down. */
const MAX_LEVELS = 256;

/** Rows in drawing order. `by` orders siblings; `collapsed` are the keys whose children are hidden. */
export function treeRows(snapshot: Snapshot, collapsed: ReadonlySet<string>, by: 'total' | 'self' | 'calls'): TreeRow[] {
  const children = childrenOf(snapshot.tree, by);
  const roots = children.get(null) ?? [];
  const wholeNs = Math.max(1, ...roots.map((node) => Number(node.total_ns)));
  const rows: TreeRow[] = [];
  const waiting = waitingByFunction(snapshot);
  const visit = (node: TreeNode, path: string, lasts: readonly boolean[], parentCalls: number): void => {
    const key = `${path}\n${node.function}`;
    const below = children.get(node.id) ?? [];
    const hidden = collapsed.has(key) || lasts.length >= MAX_LEVELS ? below.length : 0;
    const waited = waiting.get(node.function);
    const row = rowOf(node, key, lasts, parentCalls, wholeNs, hidden);
    rows.push(waited === undefined ? row : { ...row, waiting: waited });
    if (hidden > 0) return;
    below.forEach((child, i) => {
      visit(child, key, [...lasts, i === below.length - 1], Number(node.calls));
    });
  };
  for (const root of roots) visit(root, '', [], 0);
  return rows;
}

/** The document has waiting by function: it is a node's only where the function has one. */
function waitingByFunction({ functions, tree }: Snapshot): Map<string, { reason: string; share: number }> {
  const places = new Map<string, number>();
  for (const node of tree) places.set(node.function, (places.get(node.function) ?? 0) + 1);
  const waiting = new Map<string, { reason: string; share: number }>();
  for (const f of functions) {
    const most = [...(f.waiting ?? [])].sort((a, b) => Number(b.total_ns) - Number(a.total_ns))[0];
    const node = tree.find((candidate) => candidate.function === f.name);
    const totalNs = Number(node?.total_ns ?? 0);
    if (most === undefined || totalNs <= 0 || places.get(f.name) !== 1) continue;
    const share = Number(most.total_ns) / totalNs;
    if (share <= 1) waiting.set(f.name, { reason: most.reason, share });
  }
  return waiting;
}

function childrenOf(tree: readonly TreeNode[], by: 'total' | 'self' | 'calls'): Map<number | null, TreeNode[]> {
  const children = new Map<number | null, TreeNode[]>();
  for (const node of tree) {
    const siblings = children.get(node.parent);
    if (siblings) siblings.push(node);
    else children.set(node.parent, [node]);
  }
  const key = by === 'calls' ? 'calls' : (`${by}_ns` as const);
  for (const siblings of children.values()) siblings.sort((a, b) => Number(b[key]) - Number(a[key]));
  return children;
}

function rowOf(
  node: TreeNode,
  key: string,
  lasts: readonly boolean[],
  parentCalls: number,
  wholeNs: number,
  hiddenChildren: number,
): TreeRow {
  const calls = Number(node.calls);
  return {
    key,
    name: node.function,
    startedBy: starterText(node),
    lasts,
    calls,
    callsPerParent: parentCalls > 0 ? calls / parentCalls : 0,
    totalNs: Number(node.total_ns),
    selfNs: Number(node.self_ns),
    open: Number(node.open),
    totalShare: Number(node.total_ns) / wholeNs,
    selfShare: Number(node.self_ns) / wholeNs,
    hiddenChildren,
  };
}

/** Less of it says nothing. */
const MIN_STARTER = 8;

function starterText({ started_by: starters = [] }: TreeNode): string {
  const [first, ...others] = starters;
  return first === undefined ? '' : `go ${first.function}${others.length > 0 ? ` +${others.length}` : ''}`;
}

function nameCell(row: TreeRow, width: number, glyphs: GlyphSet): Cell {
  const stems = row.lasts.slice(0, -1).map((last) => (last ? '  ' : glyphs.stem));
  const branch = row.lasts.length === 0 ? '' : row.lasts.at(-1) ? glyphs.lastBranch : glyphs.branch;
  const more = row.hiddenChildren > 0 ? ` +${row.hiddenChildren}` : '';
  const indent = `${stems.join('')}${branch}`.slice(0, Math.max(0, width - 12));
  const name = `${indent}${cutName(cellText(row.name), width - indent.length - more.length)}${more}`;
  const room = width - name.length - 3; // a space and the brackets
  if (row.startedBy === '' || room < MIN_STARTER) return { text: name };
  return { text: `${name} (${cutName(cellText(row.startedBy), room)})` };
}

/** `0.01`, `1.0`, `12`: a call in a hundred is not none. */
function ratioText(ratio: number): string {
  if (ratio < 0.095) return ratio < 0.005 ? '<.01' : ratio.toFixed(2);
  return ratio.toFixed(ratio < 9.95 ? 1 : 0);
}

const perCall = (ns: number, calls: number): string => (calls === 0 ? '·' : durationText(ns / calls));

export const TREE_COLUMNS: readonly Column<TreeRow>[] = [
  { id: 'function', title: 'FUNCTION', align: 'left', min: 26, max: 70, priority: 1, cell: nameCell },
  {
    id: 'calls',
    title: 'CALLS',
    align: 'right',
    min: 9,
    max: 11,
    priority: 3,
    value: (row) => row.calls,
    cell: (row) => ({ text: countText(row.calls) }),
  },
  {
    id: 'per',
    title: 'PER CALL',
    align: 'right',
    min: 8,
    max: 8,
    priority: 6,
    cell: (row) =>
      row.callsPerParent === 0
        ? { text: '·', role: 'dim' }
        : {
            text: `×${ratioText(row.callsPerParent)}`,
            role: row.callsPerParent >= 2 ? 'warm' : 'dim',
          },
  },
  {
    id: 'mean',
    title: 'MEAN',
    align: 'right',
    min: 7,
    max: 7,
    priority: 5,
    cell: (row) => ({ text: perCall(row.totalNs, row.calls - row.open) }),
  },
  {
    id: 'total',
    title: 'TOTAL',
    align: 'right',
    min: 7,
    max: 7,
    priority: 2,
    value: (row) => row.totalNs,
    cell: (row) => ({ text: durationText(row.totalNs) }),
  },
  {
    id: 'totalbar',
    title: '',
    align: 'left',
    min: 8,
    max: 30,
    priority: 7,
    cell: (row, width, glyphs) => ({ text: bar(row.totalShare, width, glyphs.bar), role: 'bar' }),
  },
  {
    id: 'self',
    title: 'SELF',
    align: 'right',
    min: 7,
    max: 7,
    priority: 3,
    value: (row) => row.selfNs,
    cell: (row) => ({ text: durationText(row.selfNs) }),
  },
  {
    id: 'selfbar',
    title: '',
    align: 'left',
    min: 6,
    max: 20,
    priority: 8,
    cell: (row, width, glyphs) => ({ text: bar(row.selfShare, width, glyphs.bar), role: 'dim' }),
  },
  {
    id: 'waiting',
    title: 'WAITING',
    align: 'left',
    min: 13,
    max: 15,
    priority: 4,
    cell: (row) =>
      row.waiting === undefined ? { text: '' } : { text: `${row.waiting.reason} ${percentText(100 * row.waiting.share)}` },
  },
  {
    id: 'open',
    title: 'OPEN',
    align: 'right',
    min: 4,
    max: 5,
    priority: 9,
    cell: (row) => ({ text: countText(row.open), role: row.open > 0 ? 'plain' : 'dim' }),
  },
];
