/** Text for cells: where a wide character has two of them. */

import { isWide } from '../../proto/wide-characters.js';

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
