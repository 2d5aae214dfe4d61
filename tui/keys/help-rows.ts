/** The rows of `?`: the keys that work now and fit what was typed. */

import type { State } from '../state/state.js';
import { bindingsNow } from './keys-now.js';
import type { Binding } from './table.js';

const KEY_NAMES: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
  tab: 'Tab',
  'S-tab': 'Shift-Tab',
  up: 'Up',
  down: 'Down',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
};

/** How a key is written for people. */
export function keyText(name: string): string {
  return KEY_NAMES[name] ?? name.replace(/^C-(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
}

/** Keys that work now, whose names or words contain every typed word. */
export function helpRows(state: State, typed: string): readonly Binding[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return bindingsNow(state).filter((binding) => {
    const text = `${binding.keys.map(keyText).join(' ')} ${binding.label} ${binding.help}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
