/** SIGINT, SIGTERM and SIGHUP: the first ends the work in order, the second ends the process at once. */

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** A controller that the first signal aborts; from the second on the process exits with 128 + the signal's number. */
export function interruptionBySignals(): AbortController {
  const controller = new AbortController();
  for (const [signal, status] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(status);
      controller.abort(signal);
    });
  }
  return controller;
}
