/** Any table: titles with the sort mark, the rows in sight, the selected one marked. */

import { wrapText } from '../cells/text.js';
import type { Role } from '../cells/theme.js';
import type { Selection, Sort } from '../state/state.js';
import { type Cell, type Column, type PlacedColumn, placeColumns } from '../tables/column.js';
import { type Area, attr, type Draw } from './draw.js';

export interface Table<R> {
  readonly columns: readonly Column<R>[];
  readonly count: number;
  rowAt(index: number): R | undefined;
  readonly selection: Selection;
  readonly sort: Sort;
  /** Text in place of the cells after the first column. */
  readonly insteadOf?: (row: R, width: number) => string | undefined;
  readonly insteadRole?: Role;
  /** The figures are not of now. */
  readonly quiet?: boolean;
}

const MARGIN = 2;

/** Draws titles on the area's first line and rows below. */
export function drawTable<R>(draw: Draw, area: Area, table: Table<R>): void {
  const placed = placeColumns(table.columns, area.width - MARGIN - 1, table.sort.column);
  drawTitles(draw, area, placed, table.sort);
  for (let line = 1; line < area.height; line++) {
    const index = table.selection.top + line - 1;
    const row = index < table.count ? table.rowAt(index) : undefined;
    if (row !== undefined) drawRow(draw, area, area.y + line, placed, row, index === table.selection.index, table);
  }
}

function drawTitles<R>(draw: Draw, area: Area, placed: readonly PlacedColumn<R>[], sort: Sort): void {
  for (const { column, x, width } of placed) {
    const sorted = column.id === sort.column && column.value !== undefined;
    const mark = sorted ? (sort.descending ? draw.glyphs.descending : draw.glyphs.ascending) : '';
    const title = `${column.title}${mark}`.slice(0, width + (column.align === 'right' ? 1 : 0));
    const at = column.align === 'right' ? x + width - column.title.length : x;
    draw.grid.text(area.x + MARGIN + Math.max(x, at), area.y, title, attr(draw, sorted ? 'accent' : 'title'));
  }
}

function drawRow<R>(
  draw: Draw,
  area: Area,
  y: number,
  placed: readonly PlacedColumn<R>[],
  row: R,
  selected: boolean,
  table: Table<R>,
): void {
  if (selected) draw.grid.text(area.x, y, draw.glyphs.marker, attr(draw, 'accent'));
  const rest = (placed[1]?.x ?? 0) + area.x + MARGIN;
  const instead = table.insteadOf?.(row, area.width - rest - 1);
  const cells = instead === undefined ? placed : placed.slice(0, 1);
  for (const { column, x, width } of cells) {
    const fresh = column.cell(row, width, draw.glyphs);
    const cell = table.quiet ? { ...fresh, role: 'dim' as const } : fresh;
    drawCell(
      draw,
      area.x + MARGIN + x,
      y,
      width,
      column.align,
      selected && column === placed[0]?.column ? { ...cell, role: 'selected' } : cell,
    );
  }
  if (instead !== undefined) draw.grid.text(rest, y, instead, attr(draw, table.insteadRole ?? 'warm'));
}

/** Right-aligned text may take one cell of the gap on its left: `~` before a figure. */
function drawCell(draw: Draw, x: number, y: number, width: number, align: 'left' | 'right', cell: Cell): void {
  const text = cell.text.slice(0, align === 'right' ? width + 1 : width);
  const at = align === 'right' ? x + width - text.length : x;
  draw.grid.text(at, y, text, attr(draw, cell.role ?? 'plain'));
  for (const mark of cell.marks ?? []) if (mark < text.length) draw.grid.tint(at + mark, y, 1, attr(draw, 'match'));
}

/** A sentence in an area that has no rows. */
export function drawEmpty(draw: Draw, area: Area, text: string): void {
  wrapText(text, area.width - 2 * MARGIN).forEach((line, i) => {
    if (i + 2 < area.height) draw.grid.text(area.x + MARGIN, area.y + 2 + i, line, attr(draw, 'dim'));
  });
}
