/** RPC bodies as plain functions: a promise for a unary call, an async function that writes for a stream. */

import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { statusOfError } from '../../proto/status.js';

/** What the body of a call may look at. */
export interface CallContext {
  /** Aborted when the caller has gone or given up. */
  readonly signal: AbortSignal;
}

/** A server stream as its body sees it. */
export interface Outlet<Message> extends CallContext {
  /** Sends a message; `accepted` is called when the transport took it, which it delays for a slow reader. */
  write(message: Message, accepted?: () => void): void;
}

/** Hears of calls, so that a colony knows whether it is needed. Both throw a CoralError where it takes no calls any more. */
export interface Activity {
  touch(): void;
  /** A stream begins; returns what to call at its end. */
  enter(): () => void;
}

/** A unary RPC; what `body` throws reaches the caller as a CoralError. */
export function unary<Request, Response>(
  activity: Activity,
  body: (request: Request, context: CallContext) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, answer) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    Promise.resolve()
      .then(() => {
        activity.touch();
        return body(call.request, { signal: gone.signal });
      })
      .then(
        (response) => answer(null, response),
        (error: unknown) => answer(statusOfError(error)),
      );
  };
}

/** A server-streaming RPC that ends when `body` has resolved. */
export function serverStream<Request, Response>(
  activity: Activity,
  body: (request: Request, outlet: Outlet<Response>) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    // The stream's own failures are the caller's going; without a listener they would end the process.
    call.on('error', () => gone.abort());
    const serve = async (): Promise<void> => {
      const leave = activity.enter();
      try {
        await body(call.request, outletOf(call, gone.signal));
        call.end();
      } finally {
        leave();
      }
    };
    serve().catch((error: unknown) => call.emit('error', statusOfError(error)));
  };
}

function outletOf<Request, Response>(call: ServerWritableStream<Request, Response>, signal: AbortSignal): Outlet<Response> {
  return {
    signal,
    write: (message, accepted) => {
      if (!signal.aborted) call.write(message, () => accepted?.());
    },
  };
}

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
