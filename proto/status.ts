/**
 * A CoralError as a gRPC status and back. The status carries the catalogue's number and the message, the trailer
 * `coral-error-bin` the rest as JSON: {code, hint, details}.
 */

import { Metadata, status as Status, type StatusObject } from '@grpc/grpc-js';
import { CoralError, type ErrorCode, isErrorCode } from './errors.js';

const TRAILER = 'coral-error-bin';

/** Trailers travel in one header block; details above this are left out, and that is said in them. */
const MAX_DETAILS_BYTES = 4096;

/** What a server answers a failed call with. Errors that are not of the catalogue become INTERNAL. */
export function statusOfError(error: unknown): StatusObject {
  const known = error instanceof CoralError ? error : internal(error);
  const metadata = new Metadata();
  metadata.set(TRAILER, Buffer.from(JSON.stringify({ code: known.code, hint: known.hint, details: bounded(known.details) })));
  return { code: known.grpcStatus, details: known.message, metadata };
}

/** The error that a failed call stands for; `address` names the server in the message where nobody answered. */
export function errorOfStatus(status: Partial<StatusObject>, address: string): CoralError {
  const carried = readTrailer(status.metadata);
  const message = status.details ?? '';
  if (carried !== undefined) return new CoralError(carried.code, message, carried.hint, carried.details);
  return withoutTrailer(status.code ?? Status.UNKNOWN, message, address);
}

function internal(error: unknown): CoralError {
  const text = error instanceof Error ? error.message : String(error);
  return new CoralError(
    'INTERNAL',
    `unexpected failure: ${text}`,
    'this is a defect of coral; please report it',
    {},
    { cause: error },
  );
}

function bounded(details: Record<string, unknown>): Record<string, unknown> {
  const bytes = Buffer.byteLength(JSON.stringify(details));
  return bytes <= MAX_DETAILS_BYTES ? details : { details_left_out_bytes: bytes };
}

function readTrailer(
  metadata: Metadata | undefined,
): { code: ErrorCode; hint: string; details: Record<string, unknown> } | undefined {
  const raw = metadata?.get(TRAILER)[0];
  if (raw === undefined) return undefined;
  try {
    const { code, hint, details } = JSON.parse(raw.toString()) as Record<string, unknown>;
    if (typeof code !== 'string' || !isErrorCode(code)) return undefined;
    return { code, hint: String(hint ?? ''), details: (details ?? {}) as Record<string, unknown> };
  } catch {
    return undefined;
  }
}

/** Failures that the library itself reports, or a server of another version. */
function withoutTrailer(code: Status, message: string, address: string): CoralError {
  switch (code) {
    case Status.UNAVAILABLE:
    // Not by us: a server that ends cuts the calls that are left.
    case Status.CANCELLED:
      return new CoralError(
        'COLONY_UNREACHABLE',
        `no colony answers at ${address}: ${lastReason(message)}`,
        'check --colony or CORAL_COLONY, or leave both out to use a private colony',
        { address },
      );
    case Status.DEADLINE_EXCEEDED:
      return new CoralError('TIMED_OUT', `the colony at ${address} did not answer in time: ${lastReason(message)}`, 'try again', {
        address,
      });
    case Status.UNIMPLEMENTED:
      return new CoralError('NOT_IMPLEMENTED', message, 'use the same version of coral on both sides', { address });
    default:
      return new CoralError('INTERNAL', `the colony at ${address} failed: ${message}`, '', { address, grpc_status: code });
  }
}

/** The library wraps the system's words in its own: "No connection established. Last error: Error: …. Resolution note: ". */
function lastReason(message: string): string {
  const wrapped = /Last error: (?:Error: )?(.*?)\. Resolution note:/s.exec(message)?.[1];
  return wrapped ?? message.replace(/,name resolution:.*$/s, '');
}
