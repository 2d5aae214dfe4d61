/** One session: its parts on the agents, its sum, and who is told of it. */

import { EventEmitter } from 'node:events';
import { CoralError } from '../../proto/errors.js';
import type { PartArmed, SessionEnd, SessionNotice } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { CallBatch, Notice, Refusal, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import type { Snapshot } from '../../snapshots/document.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { nsToTimestamp, timestampToNs } from '../../snapshots/times/times.js';
import { callCount, withRows } from './calls.js';
import { describe } from './describe.js';
import { endReasonOf } from './end-reason.js';
import { withArmed, withPart } from './info.js';

/** What watchers hear; ticks are absolute, so hearing only the last `changed` is enough. */
export interface SessionEvents {
  session: [];
  changed: [];
  calls: [batch: CallBatch];
  notice: [notice: Notice];
  ended: [];
}

type PartState = 'pending' | 'armed' | 'done' | 'refused' | 'lost';

/** The newest notices that a late watcher is told of. */
const NOTICES_KEPT = 100;

export class Session extends EventEmitter<SessionEvents> {
  readonly notices: Notice[] = [];
  /** Calls received singly. */
  eventCount = 0;
  /** How many watch now. */
  watchers = 0;
  /** Set once, when every part has ended. */
  snapshot: Snapshot | undefined;
  endedAtNs = 0n;
  /** It never ran as a whole: not kept, not written down. */
  abandoned = false;
  #ledger: SessionLedger | undefined;
  readonly #states = new Map<string, PartState>();
  readonly #endReasons = new Set<string>();
  /** The agents' last words. */
  readonly #ends = new Map<string, SessionEnd>();
  #facts: SessionInfo;

  constructor(
    facts: SessionInfo,
    readonly attended: boolean,
    private readonly maxSlow?: number,
  ) {
    super();
    this.setMaxListeners(0);
    this.#facts = facts;
  }

  get id(): string {
    return this.#facts.sessionId;
  }

  get info(): SessionInfo {
    return { ...this.#facts, functions: this.#ledger?.info.functions ?? [] };
  }

  get ended(): boolean {
    return this.snapshot !== undefined;
  }

  /** Agents whose part has not ended. */
  get runningOn(): string[] {
    return [...this.#states].filter(([, state]) => state === 'armed' || state === 'pending').map(([agentId]) => agentId);
  }

  get isArmed(): boolean {
    return [...this.#states.values()].includes('armed');
  }

  /** An agent has been asked to arm its part. */
  expect(agentId: string): void {
    this.#set(agentId, 'pending', '');
  }

  /** An agent armed slots, at the opening or later; later slots continue the numbering of its part. */
  armed(agentId: string, armed: PartArmed): void {
    if (this.ended) return;
    this.#facts = withArmed(this.#facts, agentId, armed);
    this.#ledger ??= new SessionLedger(this.#facts, this.maxSlow);
    if (this.#part(agentId) === undefined) this.#ledger.addPart(agentId, armed.slots);
    else this.#ledger.growPart(agentId, armed.slots);
    this.#set(agentId, 'armed', '');
  }

  /** An agent's part was changed by order: `armed` holds all its slots, the known ones first. */
  changed(agentId: string, armed: PartArmed): void {
    const known = this.#part(agentId)?.slots.length ?? 0;
    const refused = armed.refused.filter((refusal) => !this.#facts.refused.some((other) => sameRefusal(refusal, other)));
    this.#facts = { ...this.#facts, expiresAt: armed.expiresAt };
    this.armed(agentId, { ...armed, slots: armed.slots.slice(known), refused });
  }

  refused(agentId: string, reason: string): void {
    this.#set(agentId, 'refused', reason);
  }

  /** @returns whether the tick was news. */
  tick(tick: SessionTick): boolean {
    if (this.ended || this.#part(tick.agentId) === undefined) return false;
    const isNews = this.#ledger?.apply(tick) ?? false;
    if (isNews) this.emit('changed');
    return isNews;
  }

  /** The functions of an agent's slots. */
  slotNames(agentId: string): string[] {
    return this.#part(agentId)?.slots.map((slot) => slot.name) ?? [];
  }

  /** Calls of an agent by slot. @returns them by row, as watchers and history take them. */
  calls(agentId: string, bySlot: CallBatch): CallBatch | undefined {
    const part = this.#part(agentId);
    if (part === undefined || this.ended) return undefined;
    const batch = withRows(bySlot, agentId, part.rows);
    this.eventCount += callCount(batch);
    this.emit('calls', batch);
    return batch;
  }

  /** Something changed that a person should know; kept for watchers that come later. */
  notice(code: string, message: string): void {
    this.#tell({ at: nsToTimestamp(nowNs()), code, message });
  }

  noticed(agentId: string, notice: SessionNotice): void {
    if (notice.armed !== undefined) this.armed(agentId, notice.armed);
    if (notice.notice !== undefined) this.#tell(notice.notice);
  }

  /** The last word of an agent on its part, after its last tick. */
  partEnded(agentId: string, end: SessionEnd): void {
    this.#ends.set(agentId, end);
    this.#endPart(agentId, 'done', end.reason, end.textVerified ? '' : end.textDetail);
  }

  /** The last word on a part that had been given up: the document is made anew with it. */
  amended(agentId: string, end: SessionEnd): void {
    if (this.#states.get(agentId) !== 'lost') return;
    if (end.tick !== undefined) this.#ledger?.apply({ ...end.tick, agentId });
    this.#ends.set(agentId, end);
    this.#endReasons.delete('agent_lost');
    this.#endReasons.add(end.reason);
    this.#set(agentId, 'done', end.textVerified ? '' : end.textDetail);
    this.snapshot = this.#document();
  }

  /** An agent will not speak of its part again: what is known of it stays. */
  partLost(agentId: string, why: string): void {
    if (!this.runningOn.includes(agentId)) return;
    this.notice('AGENT_LOST', `agent ${agentId} is lost (${why}); its figures are those of its last tick`);
    if (this.#part(agentId) !== undefined) this.#ledger?.freezeAgent(agentId, why);
    this.#endPart(agentId, 'lost', 'agent_lost', why);
  }

  /** What changed after `revision`, in the session's rows; `seq` is the revision to give next time. */
  tickSince(revision: number): SessionTick {
    return this.#sum.tick(revision, this.ended);
  }

  /** The session as it stands, or stood at its end. */
  document(): Snapshot {
    return this.snapshot ?? describe(this.#sum.snapshot(), this.#facts, this.#ends);
  }

  get #sum(): SessionLedger {
    if (this.#ledger !== undefined) return this.#ledger;
    throw new CoralError('INTERNAL', `session ${this.id} has no armed part yet`, 'ask again when it is open');
  }

  #part(agentId: string) {
    return this.#ledger?.parts.find((part) => part.agentId === agentId);
  }

  #endPart(agentId: string, state: 'done' | 'lost', reason: string, detail: string): void {
    if (this.ended || !this.runningOn.includes(agentId)) return;
    this.#endReasons.add(reason);
    this.#set(agentId, state, detail);
    if (this.runningOn.length === 0) this.#end();
  }

  #end(): void {
    this.endedAtNs = this.#lastEndNs() ?? nowNs();
    this.snapshot = this.#document();
    this.emit('ended');
  }

  /** By the clock of the agent whose part ended last; undefined: none has said when. */
  #lastEndNs(): bigint | undefined {
    const ends = [...this.#ends.values()].flatMap(({ endedAt }) => (endedAt === undefined ? [] : [timestampToNs(endedAt)]));
    return ends.sort((a, b) => (a < b ? -1 : 1)).at(-1);
  }

  #document(): Snapshot {
    const document = this.#sum.snapshot(endReasonOf(this.#endReasons), this.endedAtNs);
    return describe(document, this.#facts, this.#ends);
  }

  #set(agentId: string, state: PartState, reason: string): void {
    this.#states.set(agentId, state);
    this.#facts = withPart(this.#facts, { agentId, state, reason });
    this.emit('session');
  }

  #tell(notice: Notice): void {
    this.notices.push(notice);
    if (this.notices.length > NOTICES_KEPT) this.notices.shift();
    this.emit('notice', notice);
  }
}

const sameRefusal = (a: Refusal, b: Refusal): boolean => a.function === b.function && a.code === b.code && a.pid === b.pid;

/** Unix time, ns, to the microsecond. */
export const nowNs = (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
