/** The signals that end a process in order. */

const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Resolves with the first of them; a second one ends the process at once. */
export function untilTold(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ENDING) {
      process.once(signal, () => {
        for (const other of ENDING) process.once(other, () => process.exit(1));
        resolve(signal);
      });
    }
  });
}
