import { CoralError } from '../../proto/errors.js';
import type { TreeStart } from '../../proto/gen/coral/live/v1/live.js';
import type { TreeTable } from '../columns/tree.js';

/** A node of the merged tree; the path of functions to it is its identity. */
export interface MergedNode {
  readonly id: number;
  /** 0: a root. */
  readonly parent: number;
  /** Row of the session; OTHER_ROW: "(other)". */
  readonly row: number;
  calls: number;
  totalNs: bigint;
  selfNs: bigint;
  open: number;
  /** Of a root, calls by the function that started their goroutine, where that is known. */
  readonly starters: Map<string, number>;
  /** Revision of the ledger in which it changed last. */
  revision: number;
}

/** A part's node: where it lies in the merged tree, and what it has added there. */
interface PartNode {
  readonly merged: MergedNode;
  calls: number;
  totalNs: bigint;
  selfNs: bigint;
  open: number;
  readonly starters: Map<string, number>;
}

/** The nodes of one part by the part's own ids. */
export type PartTree = Map<number, PartNode>;

/** The call tree of a session: parts' trees laid over each other by path of functions. */
export class CallTree {
  readonly #byPath = new Map<string, MergedNode>();
  readonly #nodes: MergedNode[] = [];

  /** All nodes; parents before children, ids from 1. */
  get nodes(): readonly MergedNode[] {
    return this.#nodes;
  }

  /** Takes a part's changed nodes, absolute. `order` is of parentsFirst, `rowOf` turns the part's rows into the session's. */
  apply(part: PartTree, table: TreeTable, order: readonly number[], rowOf: (row: number) => number, revision: number): void {
    for (const i of order) {
      const node = part.get(table.id[i]!) ?? this.#place(part, table, i, rowOf);
      const { merged } = node;
      merged.calls += table.calls[i]! - node.calls;
      merged.totalNs += table.totalNs[i]! - node.totalNs;
      merged.selfNs += table.selfNs[i]! - node.selfNs;
      merged.open += table.open[i]! - node.open;
      merged.revision = revision;
      Object.assign(node, { calls: table.calls[i], totalNs: table.totalNs[i], selfNs: table.selfNs[i], open: table.open[i] });
    }
    for (const start of table.starts) addStart(part, start);
  }

  #place(part: PartTree, table: TreeTable, i: number, rowOf: (row: number) => number): PartNode {
    const parent = part.get(table.parent[i]!)?.merged.id ?? 0;
    const node = { merged: this.#nodeAt(parent, rowOf(table.row[i]!)), ...empty() };
    part.set(table.id[i]!, node);
    return node;
  }

  #nodeAt(parent: number, row: number): MergedNode {
    const path = `${parent}/${row}`;
    const known = this.#byPath.get(path);
    if (known) return known;
    const node = { id: this.#nodes.length + 1, parent, row, ...empty(), revision: 0 };
    this.#byPath.set(path, node);
    this.#nodes.push(node);
    return node;
  }
}

const empty = () => ({ calls: 0, totalNs: 0n, selfNs: 0n, open: 0, starters: new Map<string, number>() });

function addStart(part: PartTree, { id, function: starter, calls }: TreeStart): void {
  const node = part.get(id)!;
  const { starters } = node.merged;
  starters.set(starter, (starters.get(starter) ?? 0) + calls - (node.starters.get(starter) ?? 0));
  node.starters.set(starter, calls);
}

/** Throws INTERNAL where a tick has starters of a node that was never sent. */
export function requireStarted(table: TreeTable, known: PartTree): void {
  const sent = new Set(table.id);
  const unknown = table.starts.find(({ id }) => !sent.has(id) && !known.has(id));
  if (unknown) throw new CoralError('INTERNAL', `tree node ${unknown.id} has starters, but was never sent`);
}

/** Indexes of a tick's nodes, parents before children. Throws INTERNAL for a parent that is not known, or a cycle. */
export function parentsFirst(table: TreeTable, known: PartTree): number[] {
  const indexOf = new Map(Array.from(table.id, (id, i) => [id, i]));
  const placed = new Set<number>();
  for (const start of table.id.keys()) {
    const chain = new Set<number>();
    for (let at: number | undefined = start; at !== undefined && !placed.has(at); at = parentIndex(table, at, indexOf, known)) {
      if (chain.has(at)) throw new CoralError('INTERNAL', `tree node ${table.id[at]} is its own ancestor`);
      chain.add(at);
    }
    for (const at of [...chain].reverse()) placed.add(at);
  }
  return [...placed];
}

function parentIndex(table: TreeTable, i: number, indexOf: Map<number, number>, known: PartTree): number | undefined {
  const parent = table.parent[i]!;
  if (parent === 0 || known.has(table.id[i]!)) return undefined;
  const index = indexOf.get(parent);
  if (index !== undefined || known.has(parent)) return index;
  throw new CoralError('INTERNAL', `tree node ${table.id[i]} names parent ${parent}, which was never sent`);
}
