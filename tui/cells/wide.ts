/** Characters that take two cells: those of East Asia, and the emoji that every terminal shows as such. */

/** Assigned ranges of width W or F (Unicode 15.1, EastAsianWidth.txt) without the marks and fillers that take no cell of their own. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115e],
  [0x2e80, 0x2fd5],
  [0x2ff0, 0x3029],
  [0x3030, 0x303e],
  [0x3041, 0x3096],
  [0x309b, 0x30ff],
  [0x3105, 0x3163],
  [0x3165, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe52],
  [0xfe54, 0xfe66],
  [0xfe68, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x2fffd],
  [0x30000, 0x3fffd],
];

/** Flags are made of two letters, tones of skin join the character before: neither stands for itself. */
const EMOJI = /^(?![\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}])\p{Emoji_Presentation}$/u;

/** Whether the character takes exactly two cells and moves the cursor no further. */
export function isWide(code: number): boolean {
  if (code < 0x1100) return false;
  return WIDE.some(([low, high]) => code >= low && code <= high) || EMOJI.test(String.fromCodePoint(code));
}

/**
 * The second cell of a wide character in text made for cells, where one UTF-16 unit is one cell; characters beyond U+FFFF have
 * two units as it is. So lengths are widths, and text may be cut anywhere: a half that is left over becomes a blank.
 */
export const SECOND_HALF = '\0';

/** A wide character as text for cells. */
export const asCells = (character: string): string => (character.length === 1 ? character + SECOND_HALF : character);

/** Whether text for cells holds a wide character at all, whole or cut. */
export const hasWide = (text: string): boolean => /[\0\ud800-\udfff]/.test(text);

/** The wide character whose both cells stand at an index; undefined where none does. */
export function wideAt(text: string, at: number): string | undefined {
  const code = text.codePointAt(at) ?? 0;
  if (code < 0x1100 || (code <= 0xffff && text[at + 1] !== SECOND_HALF)) return undefined;
  return isWide(code) ? String.fromCodePoint(code) : undefined;
}

/** Whether the unit is what a cut left of a wide character. */
export const isHalf = (unit: string): boolean => /^[\0\ud800-\udfff]$/.test(unit) || isWide(unit.codePointAt(0) ?? 0);
