/** What every view draws with. */

import type { Attr } from '../cells/attr.js';
import type { GlyphSet } from '../cells/glyphs.js';
import type { Grid } from '../cells/grid.js';
import type { Role, Theme } from '../cells/theme.js';

export interface Look {
  readonly theme: Theme;
  readonly glyphs: GlyphSet;
}

export interface Draw extends Look {
  readonly grid: Grid;
}

/** A rectangle of cells. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The attribute of a role. */
export const attr = (look: Look, role: Role): Attr => look.theme.roles[role];

/** A piece of a line with its role. */
export interface Span {
  readonly text: string;
  readonly role: Role;
}

/** A span of a role. */
export const span = (text: string, role: Role = 'plain'): Span => ({ text, role });

/** Cells that spans take. */
export const widthOf = (spans: readonly Span[]): number => spans.reduce((sum, { text }) => sum + text.length, 0);

/** Writes spans one after another, and `…` where they are cut; returns the column after them. */
export function drawSpans(draw: Draw, x: number, y: number, spans: readonly Span[], limit = draw.grid.width): number {
  let at = x;
  for (const { text, role } of spans) at = draw.grid.text(at, y, text, attr(draw, role), Math.max(0, x + limit - at));
  const end = Math.min(draw.grid.width, x + limit);
  if (end > x && x + widthOf(spans) > end) draw.grid.put(end - 1, y, '…', attr(draw, 'dim'));
  return at;
}

/** A thin line across, with words in it. */
export function drawRule(draw: Draw, y: number, spans: readonly Span[] = [], right: readonly Span[] = []): void {
  const { grid, glyphs } = draw;
  grid.fill(0, y, grid.width, glyphs.rule, attr(draw, 'dim'));
  if (spans.length > 0) drawSpans(draw, 2, y, [span(' '), ...spans, span(' ')]);
  const rightWidth = widthOf(right) + 2;
  if (right.length > 0 && rightWidth + widthOf(spans) + 8 < grid.width) {
    drawSpans(draw, grid.width - rightWidth - 2, y, [span(' '), ...right, span(' ')]);
  }
}
