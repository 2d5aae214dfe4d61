/** Regular expressions that people type: some of them take for ever, and nothing else would run meanwhile. */

import { createContext, Script } from 'node:vm';

/** What a script of node's can do and nobody else: be stopped in the middle of a match. */
const context = createContext({ run: undefined });
const script = new Script('run()');

/** Runs it for `ms` at most; false: it was stopped. */
export function endsWithin(ms: number, run: () => void): boolean {
  context.run = run;
  try {
    script.runInContext(context, { timeout: ms });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}
