/** The words after `:`. Each is what a key does; some take something after them. */

import type { Action } from '../state/action.js';
import { VIEWS } from '../state/state.js';
import { WISH_COMMANDS } from './wish-commands.js';

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
  processes: { type: 'by-process' },
};

const WORDS: Readonly<Record<string, Action>> = {
  ...SAME_AS_KEYS,
  ...Object.fromEntries(VIEWS.map((view) => [view, { type: 'view', view } as const])),
};

const NAMES = [...new Set([...Object.keys(WORDS), ...Object.keys(WISH_COMMANDS)])].filter((name) => name.length > 1).sort();

/** Commands that begin with what was typed, in alphabetical order. */
export function completions(typed: string): readonly string[] {
  const word = typed.trim();
  return NAMES.filter((name) => name.startsWith(word));
}

/** What was typed, as far as all commands go that begin with it; of a single one ready for what comes after it. */
export function completed(typed: string): string {
  const [first, ...others] = completions(typed);
  if (first === undefined) return typed;
  if (others.length === 0) return `${first} `;
  let length = first.length;
  while (!others.every((name) => name.startsWith(first.slice(0, length)))) length--;
  return first.slice(0, length);
}

/** How the command that is being typed is written; undefined before there is only one. */
export function usageOf(typed: string): string | undefined {
  return WISH_COMMANDS[nameOf(typed)]?.usage;
}

/** The action of a command or of the only one it abbreviates. */
export function commandAction(typed: string): Action | undefined {
  const name = nameOf(typed);
  const rest = typed.trim().replace(/^\S+\s*/, '');
  if (name === 'attach' && rest !== '') return { type: 'attach-names', names: rest.split(/\s+/) };
  const withRest = WISH_COMMANDS[name];
  if (withRest !== undefined && (rest !== '' || WORDS[name] === undefined)) return withRest.action(rest);
  return WORDS[name];
}

function nameOf(typed: string): string {
  const word = typed.trim().split(/\s+/)[0] ?? '';
  const fitting = completions(word);
  return WORDS[word] === undefined && fitting.length === 1 ? (fitting[0] ?? '') : word;
}
