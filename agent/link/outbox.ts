/** What goes up the link, bounded: ticks by acknowledgement, single calls by bytes. */

import type { LinkRequest, SessionEnd, SessionNotice } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { CallBatch, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import type { SessionSink } from '../sessions/ports.js';
import { callBatchBytes } from '../sessions/ticks/call-columns.js';

export type Frame = NonNullable<LinkRequest['frame']>;

/** Ticks of a session that may be under way; the next one is skipped, for a later one has all it would have said. */
const MAX_UNACKED_TICKS = 2;
/** Single calls of a session that may be under way; alone a batch may be larger: it is what came since the last one. */
const MAX_CALL_BYTES = 1024 * 1024;

/** A tick under way, and the bytes of calls that went before it. */
interface Unacked {
  seq: number;
  callBytes: number;
}

interface Traffic {
  unacked: Unacked[];
  /** Since the last tick. */
  callBytes: number;
}

/** Without a link nothing is sent: ticks wait, calls are dropped, ends are kept by their sessions. */
export class Outbox implements SessionSink {
  #write: ((frame: Frame) => void) | null = null;
  readonly #traffic = new Map<string, Traffic>();

  /** A new link starts with nothing under way; null: there is none. */
  connect(write: ((frame: Frame) => void) | null): void {
    this.#write = write;
    this.#traffic.clear();
  }

  send(frame: Frame): void {
    this.#write?.(frame);
  }

  ready(sessionId: string): boolean {
    return this.#write !== null && this.#of(sessionId).unacked.length < MAX_UNACKED_TICKS;
  }

  tick(tick: SessionTick): void {
    const traffic = this.#of(tick.sessionId);
    traffic.unacked.push({ seq: tick.seq, callBytes: traffic.callBytes });
    traffic.callBytes = 0;
    this.send({ $case: 'tick', value: tick });
  }

  /** The stream is in order: whoever has the tick has the calls before it. */
  acknowledge(sessionId: string, seq: number): void {
    const traffic = this.#of(sessionId);
    traffic.unacked = traffic.unacked.filter((tick) => tick.seq > seq);
  }

  calls(sessionId: string, batch: CallBatch): boolean {
    const traffic = this.#of(sessionId);
    const bytes = callBatchBytes(batch);
    const underWay = traffic.callBytes + traffic.unacked.reduce((sum, tick) => sum + tick.callBytes, 0);
    if (this.#write === null || (underWay > 0 && underWay + bytes > MAX_CALL_BYTES)) return false;
    traffic.callBytes += bytes;
    this.send({ $case: 'calls', value: { sessionId, calls: batch } });
    return true;
  }

  notice(notice: SessionNotice): void {
    this.send({ $case: 'notice', value: notice });
  }

  end(end: SessionEnd): void {
    this.#traffic.delete(end.sessionId);
    this.send({ $case: 'end', value: end });
  }

  #of(sessionId: string): Traffic {
    let traffic = this.#traffic.get(sessionId);
    if (!traffic) {
      traffic = { unacked: [], callBytes: 0 };
      this.#traffic.set(sessionId, traffic);
    }
    return traffic;
  }
}
