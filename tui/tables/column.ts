/** Columns as values, and which of them fit a width. */

import type { GlyphSet } from '../cells/glyphs.js';
import type { Role } from '../cells/theme.js';

export interface Cell {
  readonly text: string;
  readonly role?: Role;
  /** Characters to highlight, as indices into `text`. */
  readonly marks?: readonly number[];
}

export interface Column<R> {
  readonly id: string;
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly min: number;
  /** Columns with room left grow up to this. */
  readonly max: number;
  /** 1 stays longest. */
  readonly priority: number;
  /** What the column sorts by; absent: it does not. */
  readonly value?: (row: R) => number | string;
  readonly cell: (row: R, width: number, glyphs: GlyphSet) => Cell;
}

export interface PlacedColumn<R> {
  readonly column: Column<R>;
  readonly x: number;
  readonly width: number;
}

const GAP = 2;

/** Drops columns by priority, never the one that is sorted by, until the rest fits; then the first growing ones take what is left. */
export function placeColumns<R>(columns: readonly Column<R>[], width: number, sortedBy: string): PlacedColumn<R>[] {
  const kept = fitting(columns, width, sortedBy);
  let left = width - neededBy(kept);
  const widths = kept.map((column) => column.min);
  for (const i of growthOrder(kept)) {
    const more = Math.max(0, Math.min(left, (kept[i]?.max ?? 0) - (widths[i] ?? 0)));
    widths[i] = (widths[i] ?? 0) + more;
    left -= more;
  }
  let x = 0;
  return kept.map((column, i) => {
    const placed = { column, x, width: Math.min(widths[i] ?? 0, Math.max(0, width - x)) };
    x += placed.width + GAP;
    return placed;
  });
}

function fitting<R>(columns: readonly Column<R>[], width: number, sortedBy: string): Column<R>[] {
  const kept = [...columns];
  const rank = ({ id, priority }: Column<R>): number => (id === sortedBy ? 0 : priority);
  while (kept.length > 1 && neededBy(kept) > width) {
    const last = kept.reduce((worst, column) => (rank(column) >= rank(worst) ? column : worst));
    kept.splice(kept.indexOf(last), 1);
  }
  return kept;
}

const neededBy = <R>(columns: readonly Column<R>[]): number =>
  columns.reduce((sum, column) => sum + column.min, 0) + GAP * Math.max(0, columns.length - 1);

const growthOrder = <R>(columns: readonly Column<R>[]): number[] =>
  columns.map((_, i) => i).sort((a, b) => (columns[a]?.priority ?? 0) - (columns[b]?.priority ?? 0));

/** Compares rows by a column; rows that are equal there keep their order. */
export function comparatorOf<R>(column: Column<R> | undefined, descending: boolean): ((a: R, b: R) => number) | undefined {
  const value = column?.value;
  if (value === undefined) return undefined;
  const sign = descending ? -1 : 1;
  return (a, b) => sign * compareValues(value(a), value(b));
}

function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}
