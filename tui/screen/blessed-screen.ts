/**
 * blessed, reached only from here: its cell buffer, its difference writer, its alternate screen. Only the two widgets
 * that are used are loaded; all of them take as long as the rest of the start.
 */

import { PassThrough } from 'node:stream';
import type blessed from 'blessed';
import Box from 'blessed/lib/widgets/box.js';
import Screen from 'blessed/lib/widgets/screen.js';
import type { Grid } from '../cells/grid.js';
import type { TermOut } from './term-out.js';

/** Parts of blessed that its types leave out. */
interface Cells {
  readonly lines: ([number, string][] & { dirty: boolean })[];
  /** What it takes the terminal to show. */
  readonly olines: [number, string][][];
  readonly tput: { brokenACS: boolean };
  realloc(): void;
  enter(): void;
  leave(): void;
}

interface Renderable {
  render(): unknown;
  _getCoords(): unknown;
}

export interface CellScreen {
  /** Puts a frame on the terminal; only what changed is sent. */
  paint(grid: Grid): void;
  /** Forgets what is on the terminal and sends everything. */
  repaint(grid: Grid): void;
  enter(): void;
  leave(): void;
  destroy(): void;
}

/** An element that holds a whole frame and writes its cells itself: no tags, no content, no wrapping. */
function cellPane(screen: blessed.Widgets.Screen): { grid?: Grid } {
  const pane: { grid?: Grid } = {};
  const box = new Box({ parent: screen, top: 0, left: 0, width: '100%', height: '100%' }) as unknown as Renderable;
  box.render = () => {
    if (pane.grid !== undefined) writeCells(screen as unknown as Cells, pane.grid);
    return box._getCoords();
  };
  return pane;
}

function writeCells({ lines, olines }: Cells, grid: Grid): void {
  for (let y = 0; y < Math.min(lines.length, grid.height); y++) {
    const [line, shown] = [lines[y], olines[y]];
    if (line !== undefined && shown !== undefined && writeLine(line, shown, grid, y)) line.dirty = true;
  }
}

function writeLine(line: [number, string][], shown: [number, string][], grid: Grid, y: number): boolean {
  let changed = false;
  for (let x = 0; x < Math.min(line.length, grid.width); x++) {
    const cell = line[x];
    const at = y * grid.width + x;
    const attr = grid.attrs[at] ?? 0;
    const wide = grid.holdsWide && x + 1 < grid.width && grid.chars[at + 1] === '';
    const char = wide ? firstHalf(x, grid.chars[at] ?? ' ') : grid.chars[at] || secondHalf(x);
    if (cell === undefined || (cell[0] === attr && cell[1] === char)) continue;
    cell[0] = attr;
    cell[1] = char;
    changed = true;
    const second = shown[x + 1];
    if (wide && second !== undefined) second[1] = '';
  }
  return changed;
}

/**
 * A wide character is written over two blanks, and its second cell sends the cursor where it should be by then: a terminal that
 * takes the character for another width shows it with a gap and shifts nothing. Both always go out together: blessed, which is
 * not told of wide characters, counts a cell as a column.
 */
const firstHalf = (x: number, char: string): string => `  \x1b[${x + 1}G${char}`;
const secondHalf = (x: number): string => `\x1b[${x + 2}G`;

/**
 * Opens blessed on our output. Its terminfo parser cannot read the present format and falls back to eight colours for
 * most names, so it is always told a terminal whose description it carries itself.
 */
export function openCellScreen(output: TermOut, terminal: string): CellScreen {
  const screen = new Screen({
    input: Object.assign(new PassThrough(), { isTTY: true, isRaw: true, setRawMode: () => undefined }),
    output,
    terminal,
    warnings: false,
    fullUnicode: false,
    resizeTimeout: 30,
  } as unknown as blessed.Widgets.IScreenOptions);
  const cells = screen as unknown as Cells;
  cells.tput.brokenACS = true;
  const pane = cellPane(screen);
  const paint = (grid: Grid): void => {
    pane.grid = grid;
    screen.render();
  };
  return {
    paint,
    repaint: (grid) => {
      cells.realloc();
      paint(grid);
    },
    enter: () => cells.enter(),
    leave: () => cells.leave(),
    destroy: () => screen.destroy(),
  };
}
