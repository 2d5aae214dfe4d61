/** Characters that take two cells of a terminal: those of East Asia, and the emoji that every terminal shows as such. */

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
