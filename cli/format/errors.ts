/** Errors as people and as programs read them. Pure. */

import { CoralError, EXIT } from '../../proto/errors.js';
import { printableLines } from './table.js';

/** Any thrown value as an error of the catalogue. */
export function asCoralError(thrown: unknown): CoralError {
  if (thrown instanceof CoralError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CoralError(
    'INTERNAL',
    message,
    'this is a defect of coral; run again with CORAL_DEBUG=1 for the stack',
    {},
    { cause: thrown },
  );
}

/** Text for a terminal: what was asked and found, then the next step. Names in it are from outside. */
export function errorText(error: CoralError): string {
  return printableLines(error.hint === '' ? `coral: ${error.message}` : `coral: ${error.message}\n       ${error.hint}`);
}

/** One line of JSON: `{"error":{"code","message","hint","details"}}`. */
export function errorJson(error: CoralError): string {
  const { code, message, hint, details } = error;
  return JSON.stringify({ error: { code, message, hint, details } });
}

/** The exit status of an error; one that is not of the catalogue is `failed`. */
export function exitCodeOf(thrown: unknown): number {
  return thrown instanceof CoralError ? thrown.exitCode : EXIT.failed;
}
