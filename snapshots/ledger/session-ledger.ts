import { CoralError } from '../../proto/errors.js';
import type { FunctionPlan, OpenCall, Overhead, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import type { Call } from '../columns/calls.js';
import { OTHER_ROW } from '../columns/tree.js';
import type { EndReason, Snapshot } from '../document.js';
import { timestampToNs } from '../times/times.js';
import { CallTree, type MergedNode } from './call-tree.js';
import { latestTick, mergeOpenCalls, mergeSlowCalls, sumLosses } from './merge.js';
import { meanTargetPercent, sumOverheads, takeOverhead } from './overhead.js';
import { checkTick, newPart, type Part, slotsHit, takeRest } from './part.js';
import { appendSlots, slotsAreRows } from './part-slots.js';
import type { Row } from './row.js';
import { RowBook } from './row-book.js';
import { buildSnapshot } from './snapshot.js';
import { buildTick } from './tick.js';
import { type Second, Timeline } from './timeline.js';

/** A part whose first tick is older than this has been running without us. */
const JOINED_LATE_NS = 1.5e9;

/** What a watcher's ledger is told apart by: its one part has rows for slots. */
const ROWS_PART = '';

/**
 * Adds up what the agents of a session say. Ticks are absolute: a lost, repeated or late one does no harm. The same
 * class serves watchers, whose ticks are in the session's rows already (SessionLedger.watching).
 */
export class SessionLedger {
  readonly #book: RowBook;
  readonly #parts = new Map<string, Part>();
  readonly #tree = new CallTree();
  readonly #timeline = new Timeline();
  readonly #slowChanged: number[] = [];
  #revision = 0;

  /** `maxSlow`: slowest calls kept a row. */
  constructor(
    info: SessionInfo,
    readonly maxSlow = 20,
  ) {
    this.#book = new RowBook(info);
  }

  /** A ledger for ticks that are in the rows of `info`. */
  static watching(info: SessionInfo, maxSlow = 20): SessionLedger {
    const ledger = new SessionLedger(info, maxSlow);
    ledger.addPart(ROWS_PART, info.functions);
    return ledger;
  }

  /** The session as it is known now; another object after every change of rows, sites or parts. */
  get info(): SessionInfo {
    return this.#book.info;
  }

  /** Grows with every change; `tick(revision)` then holds what came after it. */
  get revision(): number {
    return this.#revision;
  }

  /** Time since the session's start, ns, of the part that is furthest. */
  get elapsedNs(): number {
    return Math.max(0, ...this.parts.map((part) => part.elapsedNs));
  }

  /** The parts, in the order of joining. */
  get parts(): readonly Part[] {
    return [...this.#parts.values()];
  }

  /** Adds an agent's part; index of `slots` = row of its ticks. Functions that are new become rows. */
  addPart(agentId: string, slots: readonly FunctionPlan[]): void {
    if (this.#parts.has(agentId)) throw new CoralError('INTERNAL', `agent "${agentId}" has a part in this session already`);
    this.#parts.set(agentId, newPart(agentId));
    this.growPart(agentId, slots);
  }

  /** Appends slots that joined late. */
  growPart(agentId: string, slots: readonly FunctionPlan[]): void {
    const part = this.#part(agentId);
    appendSlots(
      part,
      slots,
      slots.map((slot) => this.#book.rowFor(slot)),
    );
    this.#revision++;
  }

  /** Takes the facts of the session as they are now (processes, agents, refusals, times); its functions are the ledger's own. */
  describe(info: SessionInfo): void {
    this.#book.describe(info);
  }

  /** For watchers: takes a later `session` message, whose rows begin with the ones that are known. */
  updateInfo(info: SessionInfo): void {
    const part = this.#part(ROWS_PART);
    this.#book.replaceInfo(info);
    slotsAreRows(part, info.functions);
    this.#revision++;
  }

  /** Takes a tick. @returns false for one that is not newer than the last. Throws INTERNAL for a malformed one, unchanged. */
  apply(tick: SessionTick): boolean {
    const part = this.#part(tick.agentId);
    if (tick.seq <= part.lastSeq) return false;
    const checked = checkTick(part, tick);
    const late = part.lastSeq < 0 && tick.elapsedNs > JOINED_LATE_NS;
    this.#revision++;
    for (const { slot, values } of checked.slots) {
      part.values[slot] = values;
      this.#book.touch(part.rows[slot]!, this.#revision);
      if (late) this.#timeline.absorb(part.rows[slot]!, values);
    }
    this.#take(part, tick, checked);
    this.#closeSecond();
    return true;
  }

  /** Keeps the last known values of an agent that is gone; its state becomes "lost". A later tick of it is taken again. */
  freezeAgent(agentId: string, reason = 'the agent is gone'): void {
    const part = this.#part(agentId);
    part.frozen = true;
    if (part.overhead) part.overhead = { ...part.overhead, percentOfOneCpu: 0, percentOfTarget: 0 };
    this.#book.setState(agentId, 'lost', reason);
    this.#revision++;
  }

  /** The functions, summed over parts. Rows are values: keep them to compare with later ones. */
  rows(): readonly Row[] {
    return this.#book.rows(this.parts);
  }

  /** The rows of each process, where the parts keep processes apart. */
  rowsByPid(): { pid: number; rows: Row[] }[] {
    return this.#book.rowsByPid(this.parts);
  }

  /** The merged call tree, parents before children. */
  nodes(): readonly MergedNode[] {
    return this.#tree.nodes;
  }

  /** The slowest calls of each row so far, `maxSlow` at the most, slowest first; `row` is the session's. */
  slowCalls(): Call[] {
    return mergeSlowCalls(this.parts, this.maxSlow);
  }

  /** Calls that are open, the oldest first, at most 64; `row` is the session's. */
  openCalls(): OpenCall[] {
    return mergeOpenCalls(this.parts);
  }

  /** What was not recorded, by reason; only counts above zero. */
  losses(): Map<string, number> {
    return sumLosses(this.parts);
  }

  /** What the probes cost, summed over parts; percentages are of the last tick. */
  overhead(): Overhead {
    return sumOverheads(this.parts);
  }

  /** Mean share of the targets' CPU since the start, percent. */
  meanTargetPercent(): number {
    return meanTargetPercent(this.parts);
  }

  /** One point a second, and the open second. */
  timeline(): Second[] {
    return this.#timeline.points(this.rows(), this.latestNs());
  }

  /** Unix time of the latest tick; before any, the session's start. */
  latestNs(): bigint {
    return latestTick(this.parts) ?? (this.info.startedAt ? timestampToNs(this.info.startedAt) : 0n);
  }

  /** A tick in the session's rows of what changed after `sinceRevision`; its `seq` is the revision to give next time. */
  tick(sinceRevision = 0, final = false): SessionTick {
    const rows = this.rows();
    return buildTick(this, {
      rows: rows.filter((row) => this.#book.revisionOf(row.index) > sinceRevision),
      nodes: this.nodes().filter((node) => node.revision > sinceRevision),
      slow: this.slowCalls().filter((call) => (this.#slowChanged[call.row] ?? 0) > sinceRevision),
      siteHits: rows.flatMap((row) => row.sites.map((site) => site.hits)),
      rowCostNs: rows.map((row) => row.costNs),
      final,
    });
  }

  /** The session as a document. Without an end reason: as it stands. `endedAt`: Unix ns; absent: of the latest tick. */
  snapshot(endReason?: EndReason, endedAtNs = this.latestNs()): Snapshot {
    return buildSnapshot(this, endReason, endedAtNs);
  }

  #part(agentId: string): Part {
    const part = this.#parts.get(agentId);
    if (!part) throw new CoralError('INTERNAL', `agent "${agentId}" has no part in session ${this.info.sessionId}`);
    return part;
  }

  #take(part: Part, tick: SessionTick, checked: ReturnType<typeof checkTick>): void {
    const rowOf = (slot: number) => (slot === OTHER_ROW ? OTHER_ROW : part.rows[slot]!);
    if (checked.tree) this.#tree.apply(part.tree, checked.tree, checked.treeOrder, rowOf, this.#revision);
    for (const slot of slotsHit(part, checked.siteHits)) this.#book.touch(part.rows[slot]!, this.#revision);
    takeRest(part, tick, checked);
    for (const call of checked.slowCalls ?? []) this.#slowChanged[part.rows[call.row]!] = this.#revision;
    for (const waiting of tick.waiting) this.#book.touch(part.rows[waiting.row]!, this.#revision);
    if (tick.overhead) takeOverhead(part, tick.overhead, tick.elapsedNs);
    if (part.frozen) this.#book.setState(part.agentId, 'armed', '');
    Object.assign(part, { lastSeq: tick.seq, elapsedNs: tick.elapsedNs, at: tick.at, frozen: false });
  }

  #closeSecond(): void {
    if (this.#timeline.isDue(this.elapsedNs)) this.#timeline.close(this.rows(), this.latestNs(), this.elapsedNs);
  }
}
