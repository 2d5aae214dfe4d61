/** A screenful of cells, written by views and read by the screen. Nothing but printable one-cell characters can get in. */

import { type Attr, DEFAULT_ATTR } from './attr.js';
import { isNarrow } from './text.js';

/** What the ascii set shows for our own characters outside ASCII. */
const ASCII_FOR: Readonly<Record<string, string>> = { µ: 'u', '·': '.', '…': '~', '×': 'x', '≤': '<', '─': '-', '→': '>' };

export class Grid {
  readonly chars: string[];
  readonly attrs: Int32Array;

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly asciiOnly = false,
  ) {
    this.chars = new Array<string>(width * height).fill(' ');
    this.attrs = new Int32Array(width * height).fill(DEFAULT_ATTR);
  }

  /** Writes text at a place, cut at `limit` cells and at the edge; returns the column after it. */
  text(x: number, y: number, text: string, attr: Attr, limit = this.width): number {
    const end = Math.min(this.width, x + limit, x + text.length);
    for (let column = Math.max(0, x); column < end; column++) this.put(column, y, text[column - x] ?? ' ', attr);
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
    this.chars[at] = this.printable(char);
    this.attrs[at] = attr;
  }

  /** Changes the look of cells already written. */
  tint(x: number, y: number, width: number, attr: Attr): void {
    if (y < 0 || y >= this.height) return;
    const end = Math.min(this.width, x + width);
    for (let column = Math.max(0, x); column < end; column++) this.attrs[y * this.width + column] = attr;
  }

  /** One row's characters, for tests and plain output. */
  line(y: number): string {
    return this.chars.slice(y * this.width, (y + 1) * this.width).join('');
  }

  private printable(char: string): string {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) return char;
    if (!isNarrow(code)) return '?';
    return this.asciiOnly ? (ASCII_FOR[char] ?? '?') : char;
  }
}
