/** AttachUprobe in the RFD's form: a session, and its calls as UprobeEvents until it ends. */

import {
  type AttachUprobeRequest,
  type OpenSessionRequest,
  UprobeConfig,
  type UprobeEvent,
  UprobeEventType,
} from '../../proto/gen/coral/colony/v1/debug.js';
import type { CallBatch } from '../../proto/gen/coral/live/v1/live.js';
import { type Call, unpackCalls } from '../../snapshots/columns/calls.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { callCount } from '../sessions/calls.js';
import type { Session } from '../sessions/session.js';
import { WATCHER_SLOW } from '../sessions/watcher.js';
import { aborted, type Outlet } from '../wire/rpc.js';
import { open } from './open.js';
import type { DebugWorld } from './world.js';

/** Events that the transport has not taken; a reader that is slower loses calls, counted in the labels of the next. */
const MAX_UNACCEPTED_EVENTS = 4096;

/** Streams EXIT events; the session ends when the caller goes. */
export async function attachUprobe(request: AttachUprobeRequest, outlet: Outlet<UprobeEvent>, world: DebugWorld): Promise<void> {
  const answer = await open(openRequest(request), outlet, world);
  const session = world.sessions.get(answer.session?.sessionId ?? '');
  if (session === undefined || session.ended) return;
  const leave = world.attendance.enter(session);
  const events = new EventStream(session, outlet);
  session.on('calls', events.calls);
  await Promise.race([aborted(outlet.signal), new Promise<void>((resolve) => session.once('ended', resolve))]);
  session.off('calls', events.calls);
  leave();
}

/** Without a sample rate every call is shown singly, as the RFD says. */
function openRequest(request: AttachUprobeRequest): OpenSessionRequest {
  const config = UprobeConfig.fromPartial(request.config ?? {});
  return {
    serviceName: request.serviceName,
    functions: request.functionName === '' ? [] : [request.functionName],
    duration: request.duration,
    config: { ...config, sampleRate: config.sampleRate || 1 },
    pids: [],
    requestedBy: request.requestedBy,
    dryRun: false,
    attended: true,
  };
}

/** Turns batches into events, and counts what a slow reader loses. */
class EventStream {
  #unaccepted = 0;
  #dropped = 0;

  constructor(
    private readonly session: Session,
    private readonly outlet: Outlet<UprobeEvent>,
  ) {}

  readonly calls = (batch: CallBatch): void => {
    if (this.#unaccepted + callCount(batch) > MAX_UNACCEPTED_EVENTS) {
      this.#dropped += callCount(batch);
      return;
    }
    for (const call of unpackCalls(batch)) this.#write(this.#event(call, batch.agentId));
  };

  #write(event: UprobeEvent): void {
    this.#unaccepted++;
    this.outlet.write(event, () => {
      this.#unaccepted--;
    });
  }

  #event(call: Call, agentId: string): UprobeEvent {
    const { info } = this.session;
    return {
      timestamp: nsToTimestamp(call.atNs + BigInt(call.durationNs)),
      agentId,
      serviceName: info.service,
      functionName: info.functions[call.row]?.name ?? '',
      type: UprobeEventType.UPROBE_EVENT_TYPE_EXIT,
      durationNs: call.durationNs,
      pid: call.pid,
      tid: call.thread,
      labels: { ...labelsOf(call), ...(this.#dropped > 0 && { [WATCHER_SLOW]: String(this.#dropped) }) },
      sessionId: this.session.id,
    };
  }
}

/** What the RFD's event has no field for. */
function labelsOf(call: Call): Record<string, string> {
  return {
    call_id: String(call.callId),
    ...(call.goroutine > 0n && { goroutine: String(call.goroutine) }),
    ...(call.arguments && { arguments: JSON.stringify(call.arguments) }),
    ...(call.results && { results: JSON.stringify(call.results) }),
  };
}
