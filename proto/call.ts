/** One call of any RPC of a generated service: a promise or an async iteration, errors as CoralError. */

import {
  type CallOptions,
  type Client,
  type ClientReadableStream,
  Metadata,
  type MethodDefinition,
  type ServiceError,
  status as Status,
} from '@grpc/grpc-js';
import { errorOfStatus } from './status.js';

/** What a caller may set on one call. */
export interface CallControl {
  /** How long the answer may take; Infinity: no deadline. */
  readonly timeoutMs?: number;
  /** Cancels the call: a promise rejects with the signal's reason, an iteration ends. */
  readonly signal?: AbortSignal;
}

/** A server's stream. Iterate it once; leaving the loop or `cancel` ends the call. */
export interface MessageStream<Message> extends AsyncIterable<Message> {
  cancel(): void;
}

/** A unary call; rejects with the CoralError that the server sent or that the failure stands for. */
export function callUnary<Request, Response>(
  client: Client,
  address: string,
  method: MethodDefinition<Request, Response>,
  request: Request,
  control: CallControl,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    control.signal?.throwIfAborted();
    const cancel = (): void => call.cancel();
    const call = client.makeUnaryRequest<Request, Response>(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      new Metadata(),
      deadline(control.timeoutMs),
      (failure, response) => {
        control.signal?.removeEventListener('abort', cancel);
        if (failure === null) resolve(response as Response);
        else reject(control.signal?.aborted === true ? control.signal.reason : errorOfStatus(failure, address));
      },
    );
    control.signal?.addEventListener('abort', cancel, { once: true });
  });
}

/** A server-streaming call, begun at once. */
export function callStream<Request, Response>(
  client: Client,
  address: string,
  method: MethodDefinition<Request, Response>,
  request: Request,
  control: CallControl,
): MessageStream<Response> {
  const stream = client.makeServerStreamRequest<Request, Response>(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    new Metadata(),
    deadline(control.timeoutMs),
  );
  return streamMessages(stream, address, control.signal);
}

function streamMessages<Message>(
  stream: ClientReadableStream<Message>,
  address: string,
  signal: AbortSignal | undefined,
): MessageStream<Message> {
  let cancelled = false;
  let failure: ServiceError | undefined;
  const cancel = (): void => {
    cancelled = true;
    stream.cancel();
  };
  // A failure may come before anybody iterates: it is kept for the iteration.
  stream.on('error', (error: ServiceError) => {
    failure = error;
  });
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel, { once: true });

  async function* iterate(): AsyncGenerator<Message> {
    try {
      yield* stream;
    } catch (error) {
      failure ??= error as ServiceError;
    } finally {
      signal?.removeEventListener('abort', cancel);
      if (failure === undefined) cancel();
    }
    if (failure !== undefined && !(cancelled && failure.code === Status.CANCELLED)) throw errorOfStatus(failure, address);
  }
  return { cancel, [Symbol.asyncIterator]: iterate };
}

const deadline = (timeoutMs: number | undefined): CallOptions =>
  timeoutMs === undefined || timeoutMs === Number.POSITIVE_INFINITY ? {} : { deadline: Date.now() + timeoutMs };
