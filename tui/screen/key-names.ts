/** Names of keys, and mouse reports, from whole sequences. */

import type { Input, Key } from '../keys/key.js';
import type { Token } from './tokens.js';

const FINAL: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'F1',
  Q: 'F2',
  R: 'F3',
  S: 'F4',
  Z: 'S-tab',
};

const TILDE: Record<string, string> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'F1',
  12: 'F2',
  13: 'F3',
  14: 'F4',
  15: 'F5',
  17: 'F6',
  18: 'F7',
  19: 'F8',
  20: 'F9',
  21: 'F10',
  23: 'F11',
  24: 'F12',
};

const CONTROL: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x1b': 'escape',
};

const MOUSE = /^\x1b\[<(\d+);(\d+);(\d+)([Mm])$/;
const WHEEL_ROWS = 3;

/** The inputs of a token; replies give none. */
export function inputsOf(token: Token): readonly Input[] {
  if (token.kind === 'paste') return [{ kind: 'paste', text: token.text }];
  if (token.kind === 'text')
    return Array.from(token.text, (character) => ({ kind: 'key', key: characterKey(character) }) as const);
  if (token.kind === 'reply') return [];
  const mouse = MOUSE.exec(token.sequence);
  if (mouse !== null) return mouseInputs(Number(mouse[1]), Number(mouse[2]), Number(mouse[3]), mouse[4] === 'M');
  const name = sequenceName(token.sequence);
  return name === undefined ? [] : [{ kind: 'key', key: { name } }];
}

function characterKey(character: string): Key {
  const special = CONTROL[character];
  if (special !== undefined) return { name: special };
  const code = character.codePointAt(0) ?? 0;
  if (code === 0) return { name: 'C-space' };
  if (code < 0x20) return { name: `C-${String.fromCharCode(code + 96)}` };
  return { name: character === ' ' ? 'space' : character, text: character };
}

function sequenceName(sequence: string): string | undefined {
  if (sequence === '\x1b') return 'escape';
  const linux = /^\x1b\[\[([A-E])$/.exec(sequence);
  if (linux !== null) return `F${(linux[1] ?? 'A').charCodeAt(0) - 64}`;
  const csi = /^\x1b(?:\[|O)(\d*)(?:;(\d+))?([A-Za-z~])$/.exec(sequence);
  if (csi === null) return sequence.length === 2 ? `M-${characterKey(sequence[1] ?? '').name}` : undefined;
  const name = csi[3] === '~' ? TILDE[csi[1] ?? ''] : FINAL[csi[3] ?? ''];
  return name === undefined ? undefined : `${modifiers(Number(csi[2] ?? 1))}${name}`;
}

/** xterm's modifier parameter: 1 + shift 1, meta 2, control 4. */
function modifiers(parameter: number): string {
  const bits = Math.max(0, parameter - 1);
  return `${bits & 4 ? 'C-' : ''}${bits & 2 ? 'M-' : ''}${bits & 1 ? 'S-' : ''}`;
}

function mouseInputs(button: number, column: number, row: number, pressed: boolean): Input[] {
  if (button === 64 || button === 65) return [{ kind: 'wheel', by: button === 64 ? -WHEEL_ROWS : WHEEL_ROWS }];
  return button === 0 && pressed ? [{ kind: 'click', x: column - 1, y: row - 1 }] : [];
}
