/** The typed client of DebugService: a method for each RPC, a deadline on each call, errors as CoralError. */

import { Client, credentials, type MethodDefinition } from '@grpc/grpc-js';
import { CHANNEL_OPTIONS, localAddress } from './address.js';
import { type CallControl, callStream, callUnary, type MessageStream } from './call.js';
import * as debug from './gen/coral/colony/v1/debug.js';
import { type WatchedStream, watchAgain } from './watch.js';

export type { CallControl, MessageStream } from './call.js';

type Rpcs = typeof debug.DebugServiceService;
type RequestOf<Rpc> = Rpc extends { requestDeserialize: (bytes: Buffer) => infer Request } ? debug.DeepPartial<Request> : never;
type ResponseOf<Rpc> = Rpc extends { responseDeserialize: (bytes: Buffer) => infer Response } ? Response : never;
type Method<Rpc> = (
  request?: RequestOf<Rpc>,
  control?: CallControl,
) => Rpc extends { responseStream: true } ? MessageStream<ResponseOf<Rpc>> : Promise<ResponseOf<Rpc>>;

/** A colony: the RPCs of DebugService by name; requests may leave fields out. */
export type Colony = { readonly [Name in keyof Rpcs]: Method<Rpcs[Name]> } & {
  readonly address: string;
  /** Watches a session across losses of the connection; see watch.ts. */
  watch(request: RequestOf<Rpcs['watchSession']>, control?: CallControl): WatchedStream;
  /** Ends every call and the connection. */
  close(): void;
};

/** How long each RPC may take; the others take DEFAULT_TIMEOUT_MS. Arming waits for a large program's function index. */
const TIMEOUT_MS: Partial<Record<keyof Rpcs, number>> = {
  openSession: 60_000,
  updateSession: 60_000,
  listFunctions: 60_000,
  explainFunction: 60_000,
  queryHistory: 30_000,
  getSnapshot: 30_000,
  detachUprobe: 20_000,
  attachUprobe: Number.POSITIVE_INFINITY,
  traceRequestPath: Number.POSITIVE_INFINITY,
  watchSession: Number.POSITIVE_INFINITY,
  attend: Number.POSITIVE_INFINITY,
};
const DEFAULT_TIMEOUT_MS = 10_000;

/** A client of the colony at `unix:/path` or `host:port` (loopback). Dials at the first call; never throws for a dead one. */
export function connectColony(address: string): Colony {
  const client = new Client(localAddress(address), credentials.createInsecure(), CHANNEL_OPTIONS);
  const names = Object.keys(debug.DebugServiceService) as (keyof Rpcs)[];
  const methods = Object.fromEntries(names.map((name) => [name, method(client, address, name)])) as unknown as Colony;
  return {
    ...methods,
    address,
    watch: (request, control) => watchAgain((attempt) => methods.watchSession(request, attempt), control),
    close: () => client.close(),
  };
}

function method(client: Client, address: string, name: keyof Rpcs) {
  const rpc = debug.DebugServiceService[name] as unknown as MethodDefinition<unknown, unknown> & { responseStream: boolean };
  const message = (debug as unknown as Record<string, { fromPartial(value: unknown): unknown }>)[requestName(name)]!;
  const call = rpc.responseStream ? callStream : callUnary;
  return (request: unknown = {}, control: CallControl = {}) =>
    call(client, address, rpc, message.fromPartial(request), { timeoutMs: TIMEOUT_MS[name] ?? DEFAULT_TIMEOUT_MS, ...control });
}

const requestName = (rpc: string): string => `${rpc.charAt(0).toUpperCase()}${rpc.slice(1)}Request`;
