/** A request that the kernel refused. */

import { constants as os } from 'node:os';

/** ENOTSUPP, which the kernel gives for instructions it cannot probe; user space has no name for it. */
export const ENOTSUPP = 524;

const NAMES = new Map<number, string>([
  ...Object.entries(os.errno).map(([name, errno]) => [errno, name] as const),
  [ENOTSUPP, 'ENOTSUPP'],
]);

/** ENOENT and the like; "errno 999" where there is no name. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`;
}

const LOG_LINES_SHOWN = 4;

/** `operation` says what was asked; `log` is the verifier's or libbpf's whole text, of which the message has the end. */
export class KernelError extends Error {
  override readonly name = 'KernelError';

  constructor(
    readonly operation: string,
    readonly errno: number,
    readonly log = '',
    options?: ErrorOptions,
  ) {
    super([`${operation}: ${errnoName(errno)}`, ...lastLines(log)].join('\n'), options);
  }
}

function lastLines(log: string): string[] {
  return log.trimEnd().split('\n').filter(Boolean).slice(-LOG_LINES_SHOWN);
}

/** Runs a call into the addon; its failures come out as KernelError. */
export function asking<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') {
      throw new KernelError(error.message, error.errno, 'log' in error ? String(error.log) : '', { cause: error });
    }
    throw error;
  }
}
