/** The line above the keys: what was done, or what went wrong. */

import type { State, Tone } from './state.js';

/** Long enough to be read, as in k9s. */
const NOTICE_MS = 6000;

/** Shows a line for six seconds. */
export function notify(state: State, text: string, tone: Tone): State {
  return { ...state, notice: { text, tone, untilMs: state.nowMs + NOTICE_MS } };
}
