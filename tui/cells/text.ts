/** Text that comes from outside (names, arguments, errors) made safe for cells: one UTF-16 unit is one cell, nothing else. */

import { isWide } from '../../proto/wide-characters.js';
import { asCells } from './wide.js';

/** Ranges of code points that every terminal draws one cell wide. What is neither among them nor wide is shown as `?`. */
const NARROW: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa1, 0xac],
  [0xae, 0x2ff],
  [0x370, 0x482],
  [0x48a, 0x52f],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x20a0, 0x20bf],
  [0x2190, 0x21ff],
  [0x2200, 0x22ff],
  [0x2500, 0x259f],
  [0x25b2, 0x25c3],
  [0x2713, 0x2717],
  [0x2800, 0x28ff],
];

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * The text with control characters as `·`, tabs and line ends as spaces, invisible characters as `?`, and so are marks that make
 * no character with the one before.
 */
export function cellText(text: string): string {
  if (PLAIN.test(text)) return text;
  let clean = '';
  for (const character of text.normalize('NFC')) clean += cellCharacter(character.codePointAt(0) ?? 0, character);
  return clean;
}

function cellCharacter(code: number, character: string): string {
  if (code === 9 || code === 10 || code === 13 || code === 0xa0) return ' ';
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return '·';
  if (isNarrow(code)) return character;
  return isWide(code) ? asCells(character) : '?';
}

/** Where in its text for cells a place in a string is. */
export const cellsBefore = (text: string, at: number): number => cellText(text.slice(0, at)).length;

/** Whether the code point takes exactly one cell and cannot move the cursor. */
export function isNarrow(code: number): boolean {
  return NARROW.some(([low, high]) => code >= low && code <= high);
}

/** Cuts the end: for prose. */
export function cutEnd(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 2 ? text.slice(0, Math.max(0, width)) : `${text.slice(0, width - 1)}…`;
}

/** Prose in lines of at most `width` cells, broken between words where there are any, never within a character. */
export function wrapText(text: string, width: number): string[] {
  const most = `{1,${Math.max(1, width)}}`;
  const lines = text.match(new RegExp(`.${most}(?:\\s+|$)|\\S${most}(?![\\0\\udc00-\\udfff])`, 'g')) ?? [];
  return lines.map((line) => line.trimEnd());
}

/** Cuts the start: for names and paths, which differ at their end. */
export function cutStart(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 2 ? text.slice(text.length - Math.max(0, width)) : `…${text.slice(text.length - width + 1)}`;
}

/**
 * A function's name in `width` cells: first the import path goes (`github.com/acme/rules.(*Set).Validate` to
 * `rules.(*Set).Validate`), then the package, then the start is cut.
 */
export function cutName(name: string, width: number): string {
  if (name.length <= width) return name;
  const slash = importPathEnd(name);
  const short = slash > 0 ? name.slice(slash) : name;
  if (short.length <= width) return short;
  const bare = short.slice(short.slice(0, firstBracket(short)).indexOf('.') + 1);
  return bare.length <= width ? bare : cutStart(bare, width);
}

/** Where the last path element begins. */
const importPathEnd = (name: string): number => name.lastIndexOf('/', firstBracket(name)) + 1;

/** Slashes and dots inside type arguments and literals separate nothing of the name. */
function firstBracket(name: string): number {
  const bracket = name.search(/[[({<]/);
  return bracket < 0 ? name.length : bracket;
}
