/** The words after `:`. Each is what a key does; `attach` also takes names and globs. */

import type { Action } from '../state/action.js';
import { VIEWS } from '../state/state.js';

const SAME_AS_KEYS: Readonly<Record<string, Action>> = {
  quit: { type: 'quit' },
  q: { type: 'quit' },
  detach: { type: 'detach' },
  extend: { type: 'extend' },
  snapshot: { type: 'snapshot' },
  freeze: { type: 'freeze' },
  capture: { type: 'capture' },
  attach: { type: 'attach' },
  help: { type: 'help' },
  refresh: { type: 'refresh' },
};

const COMMANDS: Readonly<Record<string, Action>> = {
  ...SAME_AS_KEYS,
  ...Object.fromEntries(VIEWS.map((view) => [view, { type: 'view', view } as const])),
};

/** Commands that begin with what was typed, in alphabetical order. */
export function completions(typed: string): readonly string[] {
  const word = typed.trim();
  return Object.keys(COMMANDS)
    .filter((name) => name.length > 1 && name.startsWith(word))
    .sort();
}

/** The action of a command or of the only one it abbreviates. */
export function commandAction(typed: string): Action | undefined {
  const [word = '', ...names] = typed.trim().split(/\s+/);
  if (word === 'attach' && names.length > 0) return { type: 'attach-names', names };
  const fitting = completions(word);
  return COMMANDS[word] ?? (fitting.length === 1 ? COMMANDS[fitting[0] ?? ''] : undefined);
}
