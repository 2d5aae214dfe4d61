/** A session's single calls as the RFD's event stream. */

import type { ServerWritableStream } from '@grpc/grpc-js';
import type { AttachUprobeRequest } from '../../proto/gen/coral/agent/v1/agent.js';
import { type UprobeEvent, UprobeEventType } from '../../proto/gen/coral/colony/v1/debug.js';
import type { PartArmed, SessionEnd, SessionNotice } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { CallBatch, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { type Call, unpackCalls } from '../../snapshots/columns/calls.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import type { SessionSink } from '../sessions/ports.js';
import type { Sessions } from '../sessions/sessions.js';

/** Unread bytes of a slow reader; above that calls are dropped, counted by their session. */
const MAX_BUFFERED_EVENTS = 10_000;

export class EventStream implements SessionSink {
  #armed: PartArmed | undefined;

  constructor(
    private readonly call: ServerWritableStream<AttachUprobeRequest, UprobeEvent>,
    private readonly service: string,
    private readonly agent: { agentId: string; sessions: Sessions },
  ) {}

  /** The probes are on: events carry the functions' names from now on. */
  begin(armed: PartArmed): void {
    this.#armed = armed;
  }

  ready(): boolean {
    return true;
  }

  /** Aggregates have no place in this stream; the session reports again at once what changed. */
  tick(tick: SessionTick): void {
    this.agent.sessions.acknowledgeTick(tick.sessionId, tick.seq);
  }

  calls(sessionId: string, batch: CallBatch): boolean {
    if (this.call.writableLength > MAX_BUFFERED_EVENTS) return false;
    for (const call of unpackCalls(batch)) this.call.write(this.#event(sessionId, call));
    return true;
  }

  notice(_notice: SessionNotice): void {}

  end(end: SessionEnd): void {
    this.agent.sessions.acknowledgeEnd(end.sessionId);
    this.call.end();
  }

  #event(sessionId: string, call: Call): UprobeEvent {
    const slot = this.#armed?.slots[call.row];
    return {
      timestamp: nsToTimestamp(call.atNs + BigInt(call.durationNs)),
      agentId: this.agent.agentId,
      serviceName: this.service,
      functionName: slot?.name ?? '',
      type: UprobeEventType.UPROBE_EVENT_TYPE_EXIT,
      durationNs: call.durationNs,
      pid: call.pid,
      tid: call.thread,
      labels: call.goroutine === 0n ? {} : { goroutine: String(call.goroutine) },
      sessionId,
    };
  }
}
