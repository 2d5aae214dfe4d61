/** The parts of a session, one an agent: how each stands, why it ended, and its last word. */

import type { SessionEnd } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { EndReason, Snapshot } from '../../snapshots/document.js';
import { timestampToNs } from '../../snapshots/times/times.js';
import { endReasonOf } from './end-reason.js';
import { textVerdict } from './text-verdict.js';

export type PartState = 'pending' | 'armed' | 'done' | 'refused' | 'lost';

export class Parts {
  readonly #states = new Map<string, PartState>();
  readonly #reasons = new Map<string, string>();
  readonly #lastWords = new Map<string, SessionEnd>();

  /** Agents whose part has not ended. */
  get running(): string[] {
    return [...this.#states].filter(([, state]) => state === 'armed' || state === 'pending').map(([agentId]) => agentId);
  }

  get anyArmed(): boolean {
    return [...this.#states.values()].includes('armed');
  }

  state(agentId: string): PartState | undefined {
    return this.#states.get(agentId);
  }

  set(agentId: string, state: PartState): void {
    this.#states.set(agentId, state);
  }

  /** Why a part ended; the newest reason counts. */
  ended(agentId: string, state: 'done' | 'lost', reason: string): void {
    this.#states.set(agentId, state);
    this.#reasons.set(agentId, reason);
  }

  heardLast(agentId: string, end: SessionEnd): void {
    this.#lastWords.set(agentId, end);
  }

  /** Of the whole session. */
  get endReason(): EndReason {
    return endReasonOf(this.#reasons.values());
  }

  /** By the clock of the agent whose part ended last; undefined: none has said when. */
  get endedAtNs(): bigint | undefined {
    const ends = [...this.#lastWords.values()].flatMap(({ endedAt }) => (endedAt === undefined ? [] : [timestampToNs(endedAt)]));
    return ends.sort((a, b) => (a < b ? -1 : 1)).at(-1);
  }

  /** Whether the targets' text was found whole; nothing before an agent has looked. */
  get text(): Pick<Snapshot, 'text_verified' | 'text_detail'> {
    return textVerdict([...this.#lastWords.values()]);
  }
}
