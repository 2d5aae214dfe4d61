/** Single calls of a function: the slowest, those that a wish shows, and the ones that are open now with their age. */

import type { SingleCall } from '../../snapshots/document.js';
import { clockText, durationText } from '../cells/format.js';
import { cellText, cutEnd } from '../cells/text.js';
import type { Role } from '../cells/theme.js';
import type { Session } from '../state/state.js';
import type { Subject } from '../state/subject.js';
import { reasonsShown } from '../state/wishes.js';
import { type CallRow, type CallSection, callRows, whoText } from '../tables/call-rows.js';
import { valuesText } from '../tables/value-text.js';
import { type Area, attr, type Draw, drawSpans, span } from './draw.js';

const TOOK = 8;
const AGE = 6;
const WHO = 7;
/** Values need this much; when they were is left out before they are cut shorter. */
const NARROWEST_VALUES = 24;

/** `chosen` is the key of the selected call, in Detail. */
export function drawCalls(draw: Draw, { session, f, pid }: Subject, area: Area, chosen: string | undefined): void {
  const rows = callRows(session, { name: f.name, ...(pid === undefined ? {} : { pid }) });
  const sections = sectionsOf(session, rows);
  const heights = heightsOf(sections, area.height);
  let { y } = area;
  sections.forEach((section, i) => {
    const height = heights[i] ?? 0;
    if (height > 1) drawSection(draw, { ...area, y, height }, section, session, chosen);
    y += height;
  });
}

interface Section {
  readonly kind: CallSection;
  readonly title: string;
  readonly rows: readonly CallRow[];
}

function sectionsOf(session: Session, rows: readonly CallRow[]): Section[] {
  const of = (kind: CallSection): readonly CallRow[] => rows.filter((row) => row.section === kind);
  const reasons = reasonsShown(session);
  const shown = of('shown');
  return [
    { kind: 'slowest', title: 'SLOWEST', rows: of('slowest') },
    ...(reasons !== '' || shown.length > 0
      ? [{ kind: 'shown', title: reasons === '' ? 'SHOWN SINGLY' : `SHOWN: ${cellText(reasons)}`, rows: shown } as const]
      : []),
    ...(of('open').length > 0 ? [{ kind: 'open', title: 'OPEN NOW', rows: of('open') } as const] : []),
  ];
}

/** A third each at the most for what comes after the slowest, which take the rest. */
function heightsOf(sections: readonly Section[], height: number): number[] {
  const later = sections.slice(1).map(({ rows }) => Math.min(Math.max(2, rows.length + 1), Math.max(2, Math.floor(height / 3))));
  return [height - later.reduce((sum, one) => sum + one, 0), ...later];
}

/** Scrolled so that the chosen row is in sight. */
function drawSection(draw: Draw, area: Area, section: Section, session: Session, chosen: string | undefined): void {
  const open = section.kind === 'open';
  drawRow(draw, area, area.y, [section.title, open ? 'FOR' : 'TOOK', open ? '' : 'AGO', 'WHO'], 'title');
  if (section.rows.length === 0) {
    const text = section.kind === 'slowest' ? 'no single call kept yet' : 'none yet';
    draw.grid.text(area.x + 2, area.y + 1, text, attr(draw, 'dim'), area.width - 2);
  }
  const at = section.rows.findIndex(({ key }) => key === chosen);
  const first = Math.max(0, at - (area.height - 2));
  section.rows.slice(first, first + area.height - 1).forEach((row, i) => {
    const y = area.y + 1 + i;
    const selected = first + i === at;
    if (selected) draw.grid.text(area.x, y, draw.glyphs.marker, attr(draw, 'accent'));
    drawRow(draw, area, y, textsOf(row, session, first + i === 0), selected ? 'selected' : 'plain');
  });
}

type Texts = readonly [what: string, took: string, ago: string, who: string];

function textsOf(row: CallRow, session: Session, first: boolean): Texts {
  if (row.section === 'open') {
    const waiting = row.open.waiting === undefined ? '' : `waiting: ${row.open.waiting}`;
    return [waiting, durationText(Number(row.open.age_ns)), '', whoText(row.open)];
  }
  const endedMs = Date.parse(session.reading?.snapshot.ended_at ?? '') - Date.parse(row.ended.at);
  const ago = Number.isFinite(endedMs) ? clockText(endedMs / 1000) : '';
  return [whatText(row.ended, session, first), durationText(Number(row.ended.duration_ns)), ago, whoText(row.ended)];
}

/** The call's values; without them, on the first row, how to get them. */
function whatText(call: SingleCall, { wishes, borrowed }: Session, first: boolean): string {
  const values = valuesText(call);
  if (values !== undefined) return cellText(values) || '(no values)';
  return first && !wishes.captureValues && !borrowed ? '(A: capture values)' : '(·)';
}

function drawRow(draw: Draw, area: Area, y: number, [what, took, ago, who]: Texts, role: Role): void {
  const roomy = area.width - TOOK - AGE - WHO - 2 >= NARROWEST_VALUES;
  const left = area.width - TOOK - (roomy ? AGE : 0) - WHO - 2;
  const quiet = role === 'title' ? 'title' : 'dim';
  drawSpans(draw, area.x + 2, y, [
    span(cutEnd(what, left - 1).padEnd(left), what.startsWith('(') && role === 'plain' ? 'dim' : role),
    span(took.padStart(TOOK), role),
    span(roomy ? ago.padStart(AGE) : '', quiet),
    span(who.padStart(WHO), quiet),
  ]);
}
