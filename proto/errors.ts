/**
 * The catalogue of errors that cross the wire: one code, one exit status, one gRPC status each. The message says what
 * was asked and what was found, the hint what to do next.
 */

/** Exit statuses of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2, notFound: 3, refused: 4, unreachable: 5 } as const;

/** gRPC status numbers that the catalogue uses (the wire's, so that this file needs no library). */
const STATUS = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

const CATALOGUE = {
  INTERNAL: { exit: EXIT.failed, status: STATUS.internal },
  TIMED_OUT: { exit: EXIT.failed, status: STATUS.deadlineExceeded },
  NOT_IMPLEMENTED: { exit: EXIT.refused, status: STATUS.unimplemented },
  STORE_FAILED: { exit: EXIT.failed, status: STATUS.internal },
  BAD_SNAPSHOT: { exit: EXIT.failed, status: STATUS.invalidArgument },
  USAGE: { exit: EXIT.usage, status: STATUS.invalidArgument },
  SERVICE_NOT_FOUND: { exit: EXIT.notFound, status: STATUS.notFound },
  PROCESS_NOT_FOUND: { exit: EXIT.notFound, status: STATUS.notFound },
  FUNCTION_NOT_FOUND: { exit: EXIT.notFound, status: STATUS.notFound },
  FUNCTION_AMBIGUOUS: { exit: EXIT.notFound, status: STATUS.notFound },
  SESSION_NOT_FOUND: { exit: EXIT.notFound, status: STATUS.notFound },
  NO_HISTORY: { exit: EXIT.notFound, status: STATUS.notFound },
  NOT_PROBEABLE: { exit: EXIT.refused, status: STATUS.failedPrecondition },
  ALL_REFUSED: { exit: EXIT.refused, status: STATUS.failedPrecondition },
  SOME_REFUSED: { exit: EXIT.refused, status: STATUS.failedPrecondition },
  UNSUPPORTED: { exit: EXIT.refused, status: STATUS.failedPrecondition },
  LIMIT_EXCEEDED: { exit: EXIT.refused, status: STATUS.resourceExhausted },
  NO_PERMISSION: { exit: EXIT.refused, status: STATUS.permissionDenied },
  CORRUPT_ELF: { exit: EXIT.refused, status: STATUS.failedPrecondition },
  COLONY_UNREACHABLE: { exit: EXIT.unreachable, status: STATUS.unavailable },
  AGENT_UNREACHABLE: { exit: EXIT.unreachable, status: STATUS.unavailable },
} as const;

export type ErrorCode = keyof typeof CATALOGUE;

/** An error of the catalogue. `details` is JSON-able: what was asked, candidates, limits. */
export class CoralError extends Error {
  override readonly name = 'CoralError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint = '',
    readonly details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get exitCode(): number {
    return CATALOGUE[this.code].exit;
  }

  get grpcStatus(): number {
    return CATALOGUE[this.code].status;
  }
}

/** Whether a string is a code of the catalogue. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(CATALOGUE, code);
}
