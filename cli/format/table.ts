/** Plain aligned columns, for people. Pure. */

import { isWide } from '../../proto/wide-characters.js';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

const GAP = '  ';

/** A longer cell, such as the name of a template, moves the rest of its own line instead of everybody's. */
const MAX_WIDTH = 72;

/** Title line and rows, columns two blanks apart and at most 72 wide, no blanks at line ends. `rows[r][c]` is the text of a cell. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(printable));
  const widths = columns.map(({ title }, c) =>
    clean.reduce((width, row) => Math.max(width, Math.min(cellsOf(row[c] ?? ''), MAX_WIDTH)), title.length),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, c) => padded(cells[c] ?? '', widths[c] ?? 0, align))
      .join(GAP)
      .trimEnd();
  return `${[columns.map(({ title }) => title), ...clean].map(line).join('\n')}\n`;
}

function padded(text: string, width: number, align: Column['align']): string {
  const blanks = ' '.repeat(Math.max(0, width - cellsOf(text)));
  return align ? blanks + text : text + blanks;
}

/** Cells of a terminal: two for a wide character, none for a mark on the one before. */
function cellsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += isWide(character.codePointAt(0) ?? 0) ? 2 : /\p{Mn}/u.test(character) ? 0 : 1;
  return cells;
}

/** Lines with strings from outside in them, each without control characters. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** A string from outside without control characters, so that no name can move the cursor. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\u00b7');
}
