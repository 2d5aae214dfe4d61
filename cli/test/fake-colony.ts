/** A DebugService on a unix socket that answers what a test tells it to. */

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServerWritableStream, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { CoralError } from '../../proto/errors.js';
import * as debug from '../../proto/gen/coral/colony/v1/debug.js';
import { statusOfError } from '../../proto/status.js';

/** What each RPC answers: a message (any part of it), an error, or for streams an array or iterable of messages. */
export type FakeAnswers = Partial<Record<keyof typeof debug.DebugServiceService, (request: never) => unknown>>;

export interface FakeColony {
  readonly address: string;
  /** Names of the RPCs that were called, in order, with their requests. */
  readonly calls: { readonly rpc: string; readonly request: unknown }[];
  stop(): void;
}

/** Starts one, in `directory` or one of its own; GetStatus and Attend have default answers. */
export async function startFakeColony(answers: FakeAnswers, home?: string): Promise<FakeColony> {
  const directory = home ?? (await mkdtemp(join(tmpdir(), 'coral-fake-')));
  const address = `unix:${join(directory, 'colony.sock')}`;
  const calls: FakeColony['calls'] = [];
  const server = new Server();
  server.addService(debug.DebugServiceService, implementation({ getStatus: () => ({ version: 'fake' }), ...answers }, calls));
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  return {
    address,
    calls,
    stop() {
      server.forceShutdown();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function implementation(answers: FakeAnswers, calls: FakeColony['calls']): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(debug.DebugServiceService).map(([rpc, definition]) => {
      const answer = answers[rpc as keyof FakeAnswers] as ((request: unknown) => unknown) | undefined;
      const record = (request: unknown): void => {
        if (rpc !== 'getStatus' && rpc !== 'attend') calls.push({ rpc, request });
      };
      return [rpc, definition.responseStream ? streaming(rpc, record, answer) : unary(rpc, record, answer)];
    }),
  ) as UntypedServiceImplementation;
}

type Recorder = (request: unknown) => void;
type Answer = ((request: unknown) => unknown) | undefined;

function unary(rpc: string, record: Recorder, answer: Answer) {
  return async (call: { request: unknown }, respond: (error: unknown, value?: unknown) => void) => {
    record(call.request);
    try {
      respond(null, whole(rpc, await answer?.(call.request)));
    } catch (error) {
      respond(statusOfError(error as CoralError));
    }
  };
}

function streaming(rpc: string, record: Recorder, answer: Answer) {
  return async (call: ServerWritableStream<unknown, unknown>) => {
    record(call.request);
    if (!answer) return;
    try {
      for await (const message of answer(call.request) as AsyncIterable<unknown>) call.write(whole(rpc, message));
      call.end();
    } catch (error) {
      call.emit('error', statusOfError(error as CoralError));
    }
  };
}

/** A message from any part of it. */
function whole(rpc: string, part: unknown): unknown {
  const name = `${rpc.charAt(0).toUpperCase()}${rpc.slice(1)}Response`;
  const type = (debug as unknown as Record<string, { fromPartial(part: unknown): unknown }>)[name];
  return type?.fromPartial(part ?? {}) ?? part;
}
