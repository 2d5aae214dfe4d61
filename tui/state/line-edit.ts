/** A line being typed: text and cursor, changed by keys. */

import type { Key } from '../keys/key.js';

export interface LineEdit {
  readonly text: string;
  readonly cursor: number;
}

export const EMPTY_LINE: LineEdit = { text: '', cursor: 0 };

/** A line with the cursor at its end. */
export const lineOf = (text: string): LineEdit => ({ text, cursor: text.length });

/** What pasted text may contribute: one line of it, printable. */
const LONGEST_LINE = 512;

/** Puts text in at the cursor; control characters are left out. */
export function insertText(line: LineEdit, text: string): LineEdit {
  const printable = text.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ').slice(0, LONGEST_LINE - line.text.length);
  return {
    text: line.text.slice(0, line.cursor) + printable + line.text.slice(line.cursor),
    cursor: line.cursor + printable.length,
  };
}

/** The line after an editing key; undefined when the key does not edit. */
export function editLine(line: LineEdit, key: Key): LineEdit | undefined {
  if (key.text !== undefined) return insertText(line, key.text);
  return EDITS[key.name]?.(line);
}

/** The places beside the cursor; a character beyond U+FFFF is stepped over as a whole. */
const before = ({ text, cursor }: LineEdit): number => cursor - (Array.from(text.slice(0, cursor)).at(-1)?.length ?? 0);
const after = ({ text, cursor }: LineEdit): number => cursor + (Array.from(text.slice(cursor, cursor + 2))[0]?.length ?? 0);

const EDITS: Record<string, (line: LineEdit) => LineEdit> = {
  backspace: (line) => ({ text: line.text.slice(0, before(line)) + line.text.slice(line.cursor), cursor: before(line) }),
  delete: (line) => ({ text: line.text.slice(0, line.cursor) + line.text.slice(after(line)), cursor: line.cursor }),
  left: (line) => ({ text: line.text, cursor: before(line) }),
  right: (line) => ({ text: line.text, cursor: after(line) }),
  home: ({ text }) => ({ text, cursor: 0 }),
  end: ({ text }) => ({ text, cursor: text.length }),
  'C-a': ({ text }) => ({ text, cursor: 0 }),
  'C-e': ({ text }) => ({ text, cursor: text.length }),
  'C-u': ({ text, cursor }) => ({ text: text.slice(cursor), cursor: 0 }),
  'C-k': ({ text, cursor }) => ({ text: text.slice(0, cursor), cursor }),
  'C-w': ({ text, cursor }) => {
    const kept = text.slice(0, cursor).replace(/\S+\s*$/, '');
    return { text: kept + text.slice(cursor), cursor: kept.length };
  },
};
