/** A screenful of cells, written by views and read by the screen. Nothing but printable characters of one or two cells can get in. */

import { type Attr, DEFAULT_ATTR } from './attr.js';
import { isNarrow } from './text.js';
import { hasWide, isHalf, wideAt } from './wide.js';

/** What the ascii set shows for our own characters outside ASCII. */
const ASCII_FOR: Readonly<Record<string, string>> = { µ: 'u', '·': '.', '…': '~', '×': 'x', '≤': '<', '─': '-', '→': '>' };

export class Grid {
  /** A character a cell; the second cell of a wide one is empty. */
  readonly chars: string[];
  readonly attrs: Int32Array;
  /** Most frames hold no wide character, and are not searched for halves of one. */
  holdsWide = false;

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly asciiOnly = false,
  ) {
    this.chars = new Array<string>(width * height).fill(' ');
    this.attrs = new Int32Array(width * height).fill(DEFAULT_ATTR);
  }

  /** Writes text made for cells at a place, cut at `limit` cells and at the edge; returns the column after it. */
  text(x: number, y: number, text: string, attr: Attr, limit = this.width): number {
    const end = Math.min(this.width, x + limit, x + text.length);
    const mayBeWide = hasWide(text);
    for (let column = Math.max(0, x); column < end; column++) {
      const wide = mayBeWide && column + 1 < end ? wideAt(text, column - x) : undefined;
      if (wide === undefined) this.put(column, y, text[column - x] ?? ' ', attr);
      else this.putWide(column++, y, wide, attr);
    }
    return Math.max(x, end);
  }

  /** Repeats one character. */
  fill(x: number, y: number, width: number, char: string, attr: Attr): void {
    for (let column = x; column < x + width; column++) this.put(column, y, char, attr);
  }

  /** One cell; out of range is ignored. */
  put(x: number, y: number, char: string, attr: Attr): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = y * this.width + x;
    if (this.holdsWide) this.breakUp(at);
    this.chars[at] = this.printable(char);
    this.attrs[at] = attr;
  }

  /** Changes the look of cells already written; of a wide character both. */
  tint(x: number, y: number, width: number, attr: Attr): void {
    if (y < 0 || y >= this.height) return;
    const row = y * this.width;
    const end = Math.min(this.width, x + width);
    for (let column = Math.max(0, x); column < end; column++) this.attrs[row + column] = attr;
    if (x > 0 && this.chars[row + x] === '') this.attrs[row + x - 1] = attr;
    if (end < this.width && this.chars[row + end] === '') this.attrs[row + end] = attr;
  }

  /** One row's characters, for tests and plain output. */
  line(y: number): string {
    return this.chars.slice(y * this.width, (y + 1) * this.width).join('');
  }

  /** Both cells are on the screen. */
  private putWide(x: number, y: number, char: string, attr: Attr): void {
    this.put(x, y, '?', attr);
    this.put(x + 1, y, '?', attr);
    if (this.asciiOnly || x < 0 || y < 0 || y >= this.height) return;
    this.holdsWide = true;
    this.chars[y * this.width + x] = char;
    this.chars[y * this.width + x + 1] = '';
  }

  /** What is left of a wide character of which one cell is written over is a blank. */
  private breakUp(at: number): void {
    if (this.chars[at] === '') this.chars[at - 1] = ' ';
    if (this.chars[at + 1] === '') this.chars[at + 1] = ' ';
  }

  private printable(char: string): string {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) return char;
    if (!isNarrow(code)) return isHalf(char) ? ' ' : '?';
    return this.asciiOnly ? (ASCII_FOR[char] ?? '?') : char;
  }
}
