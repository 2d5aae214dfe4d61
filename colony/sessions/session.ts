/** One session: its parts on the agents, its sum, and who is told of it. */

import { EventEmitter } from 'node:events';
import { CoralError } from '../../proto/errors.js';
import type { PartArmed, SessionEnd, SessionNotice } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { CallBatch, Notice, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import type { Snapshot } from '../../snapshots/document.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { nowNs } from '../wire/times.js';
import { callCount, withRows } from './calls.js';
import { newRefusals, withArmed, withPart } from './info.js';
import { type PartState, Parts } from './parts.js';
import { textFault } from './text-verdict.js';

/** What watchers hear; ticks are absolute, so hearing only the last `changed` is enough. */
export interface SessionEvents {
  session: [];
  changed: [];
  calls: [batch: CallBatch];
  notice: [notice: Notice];
  ended: [];
}

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
  /** Its agent ended it while no colony listened. */
  endedUnheard = false;
  readonly #ledger: SessionLedger;
  readonly #parts = new Parts();

  constructor(
    facts: SessionInfo,
    readonly attended: boolean,
    maxSlow?: number,
  ) {
    super();
    this.setMaxListeners(0);
    this.#ledger = new SessionLedger(facts, maxSlow);
  }

  get id(): string {
    return this.info.sessionId;
  }

  get info(): SessionInfo {
    return this.#ledger.info;
  }

  get ended(): boolean {
    return this.snapshot !== undefined;
  }

  /** Agents whose part has not ended. */
  get runningOn(): string[] {
    return this.#parts.running;
  }

  get isArmed(): boolean {
    return this.#parts.anyArmed;
  }

  /** Whether an agent has armed a part, running or not. */
  hasPart(agentId: string): boolean {
    return this.#part(agentId) !== undefined;
  }

  /** An agent has been asked to arm its part. */
  expect(agentId: string): void {
    this.#set(agentId, 'pending', '');
  }

  /** An agent armed slots, at the opening or later; later slots continue the numbering of its part. */
  armed(agentId: string, armed: PartArmed): void {
    if (this.ended) return;
    this.#addSlots(agentId, armed);
    this.#set(agentId, 'armed', '');
  }

  /** A part that is known only now that the session has ended: its last word will be taken like that of a lost one. */
  foundLate(agentId: string, armed: PartArmed): void {
    this.#addSlots(agentId, armed);
    this.#set(agentId, 'lost', 'it was not known when the session ended');
  }

  /** An agent's part was changed by order: `armed` holds all its slots, the known ones first. */
  changed(agentId: string, armed: PartArmed): void {
    const known = this.#part(agentId)?.slots.length ?? 0;
    const refused = newRefusals(this.info, armed.refused);
    this.#ledger.describe({ ...this.info, expiresAt: armed.expiresAt });
    this.armed(agentId, { ...armed, slots: armed.slots.slice(known), refused });
  }

  refused(agentId: string, reason: string): void {
    this.#set(agentId, 'refused', reason);
  }

  /** @returns whether the tick was news. */
  tick(tick: SessionTick): boolean {
    if (this.ended || !this.hasPart(tick.agentId)) return false;
    const isNews = this.#ledger.apply(tick);
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
    if (end.reason === 'agent_lost') {
      this.partLost(agentId, end.textDetail);
      return;
    }
    this.#parts.heardLast(agentId, end);
    this.#endPart(agentId, 'done', end.reason, textFault(end));
  }

  /** The last word on a part that had been given up: the document is made anew with it. */
  amended(agentId: string, end: SessionEnd): void {
    if (this.#parts.state(agentId) !== 'lost') return;
    if (end.tick !== undefined) this.#ledger.apply({ ...end.tick, agentId });
    this.#parts.heardLast(agentId, end);
    this.#parts.ended(agentId, 'done', end.reason);
    this.#set(agentId, 'done', textFault(end));
    this.snapshot = this.#finalDocument();
  }

  /** An agent will not speak of its part again: what is known of it stays. */
  partLost(agentId: string, why: string): void {
    if (!this.runningOn.includes(agentId)) return;
    this.notice('AGENT_LOST', `agent ${agentId} is lost (${why}); its figures are those of its last tick`);
    if (this.hasPart(agentId)) this.#ledger.freezeAgent(agentId, why);
    this.#endPart(agentId, 'lost', 'agent_lost', why);
  }

  /** What changed after `revision`, in the session's rows; `seq` is the revision to give next time. */
  tickSince(revision: number): SessionTick {
    return this.#ledger.tick(revision, this.ended);
  }

  /** The session as it stands, or stood at its end. */
  document(): Snapshot {
    if (this.snapshot !== undefined) return this.snapshot;
    if (this.#ledger.parts.length > 0) return { ...this.#ledger.snapshot(), ...this.#parts.text };
    throw new CoralError('INTERNAL', `session ${this.id} has no armed part yet`, 'ask again when it is open');
  }

  #part(agentId: string) {
    return this.#ledger.parts.find((part) => part.agentId === agentId);
  }

  #addSlots(agentId: string, armed: PartArmed): void {
    this.#ledger.describe(withArmed(this.info, agentId, armed));
    if (this.hasPart(agentId)) this.#ledger.growPart(agentId, armed.slots);
    else this.#ledger.addPart(agentId, armed.slots);
  }

  #endPart(agentId: string, state: 'done' | 'lost', reason: string, detail: string): void {
    if (this.ended || !this.runningOn.includes(agentId)) return;
    this.#parts.ended(agentId, state, reason);
    this.#set(agentId, state, detail);
    if (this.runningOn.length === 0) this.#end();
  }

  #end(): void {
    this.endedAtNs = this.#parts.endedAtNs ?? nowNs();
    this.snapshot = this.#finalDocument();
    this.emit('ended');
  }

  #finalDocument(): Snapshot {
    return { ...this.#ledger.snapshot(this.#parts.endReason, this.endedAtNs), ...this.#parts.text };
  }

  #set(agentId: string, state: PartState, reason: string): void {
    this.#parts.set(agentId, state);
    this.#ledger.describe(withPart(this.info, { agentId, state, reason }));
    this.emit('session');
  }

  #tell(notice: Notice): void {
    this.notices.push(notice);
    if (this.notices.length > NOTICES_KEPT) this.notices.shift();
    this.emit('notice', notice);
  }
}
