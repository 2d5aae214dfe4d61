/** A cell's attribute as blessed packs it: flags << 18 | foreground << 9 | background; 0x1ff is the terminal's own colour. */

export type Attr = number;

const TERMINAL_COLOUR = 0x1ff;
const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 8;

export interface Look {
  readonly fg?: number;
  readonly bg?: number;
  readonly bold?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

/** Packs a look; colours are palette indices (0 to 255). */
export function attrOf(look: Look): Attr {
  const flags = (look.bold ? BOLD : 0) | (look.underline ? UNDERLINE : 0) | (look.inverse ? INVERSE : 0);
  return (flags << 18) | ((look.fg ?? TERMINAL_COLOUR) << 9) | (look.bg ?? TERMINAL_COLOUR);
}

/** The terminal's own text on its own background. */
export const DEFAULT_ATTR = attrOf({});
