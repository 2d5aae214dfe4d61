/** Answers to orders. Pure. */

import { CoralError } from '../../proto/errors.js';
import type { OrderResult } from '../../proto/gen/coral/fleet/v1/fleet.js';

/** An order that was carried out. */
export function done(orderId: number, result?: OrderResult['result']): OrderResult {
  return { orderId, errorCode: '', errorMessage: '', errorHint: '', errorDetails: '', result };
}

/** An order that was not; errors that are not of the catalogue become INTERNAL. */
export function failed(orderId: number, error: unknown): OrderResult {
  const known = error instanceof CoralError ? error : internal(error);
  return {
    orderId,
    errorCode: known.code,
    errorMessage: known.message,
    errorHint: known.hint,
    errorDetails: JSON.stringify(known.details),
    result: undefined,
  };
}

function internal(error: unknown): CoralError {
  const message = error instanceof Error ? error.message : String(error);
  return new CoralError('INTERNAL', `the agent failed: ${message}`, "see the agent's log", {}, { cause: error });
}
