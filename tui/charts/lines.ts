/** Lines over time on a logarithmic scale, drawn in braille dots (2 x 4 a cell) or in box characters. */

import type { GlyphSetName } from '../cells/glyphs.js';
import { boxLine } from './box-lines.js';

export type Series = readonly (number | undefined)[];

export interface LineCell {
  readonly char: string;
  /** The series drawn last there. */
  readonly series: number;
}

export interface LineChart {
  readonly cells: readonly (readonly (LineCell | undefined)[])[];
  readonly lowest: number;
  readonly highest: number;
  /** Row of each series' newest value; undefined where it has none at the right edge. */
  readonly ends: readonly (number | undefined)[];
}

const BRAILLE_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Draws the newest values at the right edge; undefined values leave a gap. Undefined when there is nothing to draw. */
export function lineChart(all: readonly Series[], width: number, height: number, glyphs: GlyphSetName): LineChart | undefined {
  const values = all.flat().filter((value): value is number => value !== undefined && value > 0);
  if (values.length === 0 || width < 1 || height < 2) return undefined;
  const scale = niceRange(Math.min(...values), Math.max(...values));
  const drawn =
    glyphs === 'braille' ? brailleCells(all, width, height, scale) : boxCells(all, width, height, scale, glyphs === 'ascii');
  return { ...drawn, lowest: scale.lowest, highest: scale.highest };
}

interface Scale {
  readonly lowest: number;
  readonly highest: number;
}

type Drawn = Pick<LineChart, 'cells' | 'ends'>;

function brailleCells(all: readonly Series[], width: number, height: number, scale: Scale): Drawn {
  const bits = all.map((series) => dotRows(rowsFromBottom(stretched(series, width * 2), height * 4, scale), height * 4));
  const cells = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => brailleCell(bits, x, y)));
  return { cells, ends: bits.map((columns) => endRow(columns)) };
}

function boxCells(all: readonly Series[], width: number, height: number, scale: Scale, ascii: boolean): Drawn {
  const rows = all.map((series) => rowsFromBottom(stretched(series, width), height, scale));
  const lines = rows.map((values) => boxLine(values, height, ascii));
  const cellAt = (x: number, y: number): LineCell | undefined => {
    const series = lines.findLastIndex((line) => line[y]?.[x] !== ' ');
    return series < 0 ? undefined : { char: lines[series]?.[y]?.[x] ?? ' ', series };
  };
  const cells = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => cellAt(x, y)));
  const last = rows.map((values) => values.at(-1));
  return { cells, ends: last.map((row) => (row === undefined ? undefined : height - 1 - row)) };
}

/** Where each value lies on the logarithmic scale, 0 at the bottom. */
function rowsFromBottom(series: Series, rows: number, { lowest, highest }: Scale): (number | undefined)[] {
  const perLog = (rows - 1) / Math.log(highest / lowest);
  return series.map((value) => (value === undefined || value <= 0 ? undefined : Math.round(Math.log(value / lowest) * perLog)));
}

/** One value a dot column: repeated where there are more dots than seconds, the largest where there are fewer. */
function stretched(series: Series, columns: number): (number | undefined)[] {
  return Array.from({ length: columns }, (_, x) => {
    const from = Math.floor((x * series.length) / columns);
    const to = Math.max(from + 1, Math.floor(((x + 1) * series.length) / columns));
    const values = series.slice(from, to).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : Math.max(...values);
  });
}

/** At least a factor of two, so that noise does not look like a cliff. */
function niceRange(lowest: number, highest: number): Scale {
  if (highest / lowest >= 2) return { lowest, highest };
  const middle = Math.sqrt(lowest * highest);
  return { lowest: middle / Math.SQRT2, highest: middle * Math.SQRT2 };
}

/** For each dot column the dot rows (from the top) that the line covers, joined to the column before. */
function dotRows(values: readonly (number | undefined)[], rows: number): Set<number>[] {
  let before: number | undefined;
  return values.map((value) => {
    const row = value === undefined ? undefined : rows - 1 - value;
    const covered = row === undefined ? [] : between(before ?? row, row);
    before = row;
    return new Set(covered);
  });
}

function between(from: number, to: number): number[] {
  if (from === to) return [to];
  const step = Math.sign(to - from);
  return Array.from({ length: Math.abs(to - from) }, (_, i) => from + step * (i + 1));
}

function endRow(columns: readonly Set<number>[]): number | undefined {
  const last = [...(columns.at(-1) ?? [])].at(-1);
  return last === undefined ? undefined : Math.floor(last / 4);
}

function brailleCell(bits: readonly (readonly Set<number>[])[], x: number, y: number): LineCell | undefined {
  const masks = bits.map((columns) => brailleMask(columns, x, y));
  const series = masks.findLastIndex((mask) => mask !== 0);
  if (series < 0) return undefined;
  return { char: String.fromCharCode(0x2800 + masks.reduce((all, mask) => all | mask, 0)), series };
}

function brailleMask(columns: readonly Set<number>[], x: number, y: number): number {
  let mask = 0;
  BRAILLE_BITS.forEach((row, dy) => {
    row.forEach((bit, dx) => {
      if (columns[x * 2 + dx]?.has(y * 4 + dy)) mask |= bit;
    });
  });
  return mask;
}
