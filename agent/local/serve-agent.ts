/** The RFD's Agent service on the agent's own socket: one host without a colony. */

import { randomUUID } from 'node:crypto';
import { Server, ServerCredentials, type ServerUnaryCall, type ServerWritableStream, type sendUnaryData } from '@grpc/grpc-js';
import { CHANNEL_OPTIONS } from '../../proto/address.js';
import { CoralError } from '../../proto/errors.js';
import { AgentService, type AttachUprobeRequest } from '../../proto/gen/coral/agent/v1/agent.js';
import {
  type DetachUprobeRequest,
  type DetachUprobeResponse,
  OpenSessionRequest,
  type UprobeEvent,
} from '../../proto/gen/coral/colony/v1/debug.js';
import type { OpenPart } from '../../proto/gen/coral/fleet/v1/fleet.js';
import { statusOfError } from '../../proto/status.js';
import type { Sessions } from '../sessions/sessions.js';
import { EventStream } from './event-stream.js';

type AttachCall = ServerWritableStream<AttachUprobeRequest, UprobeEvent>;

/** What the service needs of the agent. */
export interface LocalDuties {
  agentId: string;
  sessions: Sessions;
  /** Pids of a service; throws SERVICE_NOT_FOUND. */
  resolve(service: string): number[];
}

/** Serves on a unix socket until `close`. */
export async function serveAgent(socketPath: string, duties: LocalDuties): Promise<{ close(): void }> {
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(AgentService, {
    attachUprobe: (call: AttachCall) => void attach(call, duties),
    detachUprobe: (
      call: ServerUnaryCall<DetachUprobeRequest, DetachUprobeResponse>,
      answer: sendUnaryData<DetachUprobeResponse>,
    ) => detach(call.request, duties, answer),
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  return { close: () => server.forceShutdown() };
}

/** The session ends with the stream, and the stream with the session. */
async function attach(call: AttachCall, duties: LocalDuties): Promise<void> {
  const sessionId = `dbg-local-${randomUUID()}`;
  const { sessions } = duties;
  try {
    const part = openPart(sessionId, call.request, duties);
    const stream = new EventStream(call, part.request?.serviceName ?? '', duties);
    call.on('cancelled', () => endQuietly(sessions, sessionId));
    stream.begin(await sessions.open(part, stream));
    if (call.cancelled) endQuietly(sessions, sessionId);
  } catch (error) {
    call.emit('error', statusOfError(error));
  }
}

function openPart(sessionId: string, request: AttachUprobeRequest, { resolve }: LocalDuties): OpenPart {
  if (request.serviceName === '') throw new CoralError('USAGE', 'no service was named', 'name one in service_name, or pid:N');
  const { serviceName, functionName, duration, config } = request;
  const opening = OpenSessionRequest.fromPartial({ serviceName, functions: [functionName], requestedBy: 'agent socket' });
  return { sessionId, pids: resolve(serviceName), request: { ...opening, duration, config }, standing: false };
}

function endQuietly(sessions: Sessions, sessionId: string): void {
  try {
    sessions.close(sessionId, 'interrupted');
  } catch (error) {
    if (!(error instanceof CoralError && error.code === 'SESSION_NOT_FOUND')) throw error; // it has ended by itself
  }
}

function detach(request: DetachUprobeRequest, { sessions }: LocalDuties, answer: sendUnaryData<DetachUprobeResponse>): void {
  try {
    if (request.all) sessions.closeAll('detached');
    else sessions.close(request.sessionId, 'detached');
    answer(null, { success: true, sessions: [] });
  } catch (error) {
    answer(statusOfError(error));
  }
}
