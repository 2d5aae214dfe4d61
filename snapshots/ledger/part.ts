import { CoralError } from '../../proto/errors.js';
import type { FunctionPlan, OpenCall, Overhead, SessionTick, Waiting } from '../../proto/gen/coral/live/v1/live.js';
import { type Call, unpackCalls } from '../columns/calls.js';
import { unpackFunctions } from '../columns/functions.js';
import { OTHER_ROW, type TreeTable, unpackTree } from '../columns/tree.js';
import { unpackCounts } from '../columns/words.js';
import { type PartTree, parentsFirst, requireStarted } from './call-tree.js';
import { requireGrowth, type SlotValues, slotValuesAt } from './slot.js';

/** One agent's share of a session, as last heard. Index of `slots`, `rows` and `values` = the agent's row number. */
export interface Part {
  readonly agentId: string;
  slots: FunctionPlan[];
  /** Row of the session of each slot. */
  rows: number[];
  values: (SlotValues | undefined)[];
  /** Index in `siteHits` of each slot's first site. */
  firstSites: number[];
  /** In the order of the slots and their sites. */
  siteHits: Float64Array;
  slotCostNs: Float64Array;
  readonly tree: PartTree;
  slowCalls: Call[];
  openCalls: OpenCall[];
  /** By row and reason. */
  readonly waiting: Map<string, Waiting>;
  readonly losses: Map<string, number>;
  overhead: Overhead | undefined;
  /** Sum of percent_of_target by time, percent x ns, to give the session's mean. */
  targetPercentNs: number;
  lastSeq: number;
  elapsedNs: number;
  at: SessionTick['at'];
  frozen: boolean;
}

/** A tick of a part, unpacked and checked, not yet taken. */
export interface CheckedTick {
  slots: { slot: number; values: SlotValues }[];
  tree: TreeTable | undefined;
  treeOrder: number[];
  slowCalls: Call[] | undefined;
  siteHits: Float64Array;
  slotCostNs: Float64Array;
}

/** A part of which no tick has come yet. */
export function newPart(agentId: string): Part {
  return {
    agentId,
    slots: [],
    rows: [],
    values: [],
    firstSites: [],
    siteHits: new Float64Array(0),
    slotCostNs: new Float64Array(0),
    tree: new Map(),
    slowCalls: [],
    openCalls: [],
    waiting: new Map(),
    losses: new Map(),
    overhead: undefined,
    targetPercentNs: 0,
    lastSeq: -1,
    elapsedNs: 0,
    at: undefined,
    frozen: false,
  };
}

/** Unpacks a tick and checks all of it against the part, so that a bad one changes nothing. Throws INTERNAL. */
export function checkTick(part: Part, tick: SessionTick): CheckedTick {
  const table = tick.functions && unpackFunctions(tick.functions);
  const slots = Array.from(table?.row ?? [], (slot, i) => ({ slot, values: slotValuesAt(table!, i) }));
  for (const { slot, values } of slots) {
    requireSlot(part, slot, 'a function');
    requireGrowth(slot, part.values[slot], values);
  }
  const tree = tick.tree && unpackTree(tick.tree);
  for (const row of tree?.row ?? []) if (row !== OTHER_ROW) requireSlot(part, row, 'a tree node');
  if (tree) requireStarted(tree, part.tree);
  const slowCalls = tick.slowCalls && unpackCalls(tick.slowCalls);
  for (const call of slowCalls ?? []) requireSlot(part, call.row, 'a slow call');
  for (const open of tick.openCalls) requireSlot(part, open.row, 'an open call');
  for (const waiting of tick.waiting) requireSlot(part, waiting.row, 'a wait');
  return {
    slots,
    tree,
    treeOrder: tree ? parentsFirst(tree, part.tree) : [],
    slowCalls,
    siteHits: words(tick.siteHits, siteCount(part.slots), 'siteHits'),
    slotCostNs: words(tick.overhead?.rowCostNs ?? new Uint8Array(), part.slots.length, 'rowCostNs'),
  };
}

/** Number of sites of some slots: the length of their site hits. */
export function siteCount(slots: readonly FunctionPlan[]): number {
  return slots.reduce((sum, slot) => sum + slot.sites.length, 0);
}

function requireSlot(part: Part, slot: number, what: string): void {
  if (slot < part.slots.length) return;
  throw new CoralError('INTERNAL', `a tick of "${part.agentId}" has ${what} of slot ${slot}, of ${part.slots.length} slots`);
}

/** As many words as there are; a tick from before late slots has fewer than the part's slots need. */
function words(bytes: Uint8Array, atMost: number, column: string): Float64Array {
  const count = Math.floor(bytes.length / 8);
  if (count > atMost) throw new CoralError('INTERNAL', `column ${column} has ${count} values for ${atMost}`);
  return unpackCounts(bytes, count, column);
}

/** Slots whose sites were hit since the part's last tick, by the hits of the next. */
export function slotsHit(part: Part, siteHits: Float64Array): number[] {
  return part.slots.flatMap((slot, index) => {
    const first = part.firstSites[index]!;
    const hit = slot.sites.some((_, i) => first + i < siteHits.length && siteHits[first + i] !== part.siteHits[first + i]);
    return hit ? [index] : [];
  });
}

/** Takes what a part says beside functions and tree; `tick` has passed checkTick. */
export function takeRest(part: Part, tick: SessionTick, checked: CheckedTick): void {
  part.siteHits.set(checked.siteHits);
  part.slotCostNs.set(checked.slotCostNs);
  part.openCalls = tick.openCalls;
  for (const waiting of tick.waiting) part.waiting.set(`${waiting.row}/${waiting.reason}`, waiting);
  for (const loss of tick.losses) part.losses.set(loss.reason, loss.count);
  if (checked.slowCalls) part.slowCalls = replaceRows(part.slowCalls, checked.slowCalls);
}

/** Slow calls are absolute for the rows that a batch names. */
function replaceRows(before: readonly Call[], batch: readonly Call[]): Call[] {
  const named = new Set(batch.map((call) => call.row));
  return [...before.filter((call) => !named.has(call.row)), ...batch];
}
