/** The colony's gRPC server on a unix socket or a loopback port. */

import { chmodSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import {
  logVerbosity,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { CHANNEL_OPTIONS, localAddress } from '../../proto/address.js';
import { CoralError } from '../../proto/errors.js';

export interface RpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

export interface Listening {
  /** As clients take it; a port 0 is replaced by the real one. */
  readonly address: string;
  /** Lets calls end for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** Without channelz a grpc-js server forgets its connections, and cannot cut them at its end. */
const SERVER_OPTIONS = { ...CHANNEL_OPTIONS, 'grpc.enable_channelz': 1 };

/** Serves on `address`; a unix socket is for its owner alone. Throws COLONY_UNREACHABLE when it cannot be bound. */
export async function listen(address: string, services: readonly RpcService[]): Promise<Listening> {
  const bindable = localAddress(address);
  setLogVerbosity(logVerbosity.NONE); // What goes wrong is thrown; the library's own lines would stand beside our errors.
  const server = new Server(SERVER_OPTIONS);
  for (const { definition, implementation } of services) server.addService(definition, implementation);
  const socketPath = bindable.startsWith('unix:') ? bindable.slice('unix:'.length) : undefined;
  if (socketPath !== undefined && !(await answers(socketPath))) rmSync(socketPath, { force: true });
  const port = await bind(server, bindable);
  if (socketPath !== undefined) chmodSync(socketPath, 0o600);
  return {
    address: socketPath === undefined ? bindable.replace(/:0$/, `:${port}`) : bindable,
    close: (graceMs) => shutDown(server, graceMs),
  };
}

/** Whether a process listens on the socket: a killed one leaves the file behind. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else
        reject(
          new CoralError(
            'COLONY_UNREACHABLE',
            `the colony cannot listen on ${address}: ${/\[(.*)\]$/s.exec(error.message)?.[1] ?? error.message}`,
            'is another colony running there?',
          ),
        );
    });
  });
}

/** The socket file goes as the listening ends, before the calls do: one that is there later is that of the next colony. */
function shutDown(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
