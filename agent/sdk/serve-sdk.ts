/** The loopback server where programs with the SDK say their name. */

import {
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  setLogVerbosity,
} from '@grpc/grpc-js';
import { CHANNEL_OPTIONS, localAddress } from '../../proto/address.js';
import { type RegisterRequest, type RegisterResponse, SdkService } from '../../proto/gen/coral/sdk/v1/sdk.js';
import type { ProcessIdentity } from '../sessions/ports.js';
import { peerUid } from './peer-uid.js';
import type { Registry } from './registry.js';
import { refusalOf } from './verify-registration.js';

/** What registrations are checked with. */
export interface SdkDuties {
  registry: Registry;
  identity(pid: number): ProcessIdentity | null;
  uid(pid: number): number | null;
  /** The names of services have changed. */
  changed(): void;
}

/** Listens; rejects when the port is taken. `close` cuts what is connected. */
export async function serveSdk(address: string, duties: SdkDuties): Promise<{ port: number; close(): void }> {
  const server = new Server(CHANNEL_OPTIONS);
  let ourPort = 0;
  server.addService(SdkService, {
    register: (call: ServerUnaryCall<RegisterRequest, RegisterResponse>, answer: sendUnaryData<RegisterResponse>) => {
      const reason = register(call.request, peerUid(call.getPeer(), ourPort), duties);
      answer(null, { accepted: reason === '', reason });
    },
  });
  setLogVerbosity(logVerbosity.NONE); // What goes wrong is thrown.
  ourPort = await new Promise<number>((resolve, reject) => {
    server.bindAsync(localAddress(address), ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
  return { port: ourPort, close: () => server.forceShutdown() };
}

function register(request: RegisterRequest, callerUid: number | null, duties: SdkDuties): string {
  const identity = duties.identity(request.pid);
  const processUid = identity === null ? null : duties.uid(request.pid);
  const reason = refusalOf(request, { processUid, callerUid });
  if (reason !== '' || identity === null) return reason;
  duties.registry.register(request, identity);
  duties.changed();
  return '';
}
