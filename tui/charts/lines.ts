/** Lines over time on a logarithmic scale, drawn in braille dots (2 x 4 a cell) or one mark a cell. */

import type { GlyphSetName } from '../cells/glyphs.js';

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
const MARKS: Record<GlyphSetName, readonly string[]> = {
  braille: [],
  block: ['▁', '▄', '▀'],
  ascii: ['o', '+', '*'],
};

/** Draws the newest values at the right edge; undefined values leave a gap. Undefined when there is nothing to draw. */
export function lineChart(all: readonly Series[], width: number, height: number, glyphs: GlyphSetName): LineChart | undefined {
  const dots = glyphs === 'braille' ? { x: 2, y: 4 } : { x: 1, y: 1 };
  const wide = all.map((series) => stretched(series, width * dots.x));
  const values = wide.flat().filter((value): value is number => value !== undefined && value > 0);
  if (values.length === 0 || width < 1 || height < 1) return undefined;
  const [lowest, highest] = niceRange(Math.min(...values), Math.max(...values));
  const bits = wide.map((series) => plot(series, height * dots.y, lowest, highest));
  const cells = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => cellAt(bits, x, y, dots, glyphs)),
  );
  const ends = bits.map((columns) => endRow(columns, dots.y));
  return { cells, lowest, highest, ends };
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
function niceRange(lowest: number, highest: number): [number, number] {
  if (highest / lowest >= 2) return [lowest, highest];
  const middle = Math.sqrt(lowest * highest);
  return [middle / Math.SQRT2, middle * Math.SQRT2];
}

/** For each dot column the set of dot rows (from the top) that the line covers, joined to the column before. */
function plot(series: Series, rows: number, lowest: number, highest: number): Set<number>[] {
  const scale = (rows - 1) / Math.log(highest / lowest);
  let before: number | undefined;
  return series.map((value) => {
    const row = value === undefined || value <= 0 ? undefined : rows - 1 - Math.round(Math.log(value / lowest) * scale);
    const covered = row === undefined ? [] : between(before ?? row, row);
    before = row;
    return new Set(covered);
  });
}

function endRow(columns: readonly Set<number>[], dotsACell: number): number | undefined {
  const last = [...(columns.at(-1) ?? [])].at(-1);
  return last === undefined ? undefined : Math.floor(last / dotsACell);
}

function between(from: number, to: number): number[] {
  if (from === to) return [to];
  const step = Math.sign(to - from);
  return Array.from({ length: Math.abs(to - from) }, (_, i) => from + step * (i + 1));
}

function cellAt(
  bits: readonly (readonly Set<number>[])[],
  x: number,
  y: number,
  dots: { x: number; y: number },
  glyphs: GlyphSetName,
): LineCell | undefined {
  let mask = 0;
  let top = -1;
  bits.forEach((columns, series) => {
    for (let dx = 0; dx < dots.x; dx++) {
      for (let dy = 0; dy < dots.y; dy++) {
        if (!columns[x * dots.x + dx]?.has(y * dots.y + dy)) continue;
        mask |= BRAILLE_BITS[dy]?.[dx] ?? 0;
        top = series;
      }
    }
  });
  if (top < 0) return undefined;
  return { char: glyphs === 'braille' ? String.fromCharCode(0x2800 + mask) : (MARKS[glyphs][top] ?? '*'), series: top };
}
