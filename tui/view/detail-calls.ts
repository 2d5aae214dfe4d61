/** The slowest calls with their arguments, and the calls that are open now with their age. */

import type { CapturedValue, OpenCallRow, SingleCall } from '../../snapshots/document.js';
import { clockText, durationText } from '../cells/format.js';
import { cellText, cutEnd } from '../cells/text.js';
import { type Area, attr, type Draw, drawSpans, span } from './draw.js';
import type { Subject } from './subject.js';

const TOOK = 8;
const AGE = 7;
const WHO = 8;

export function drawCalls(draw: Draw, { session, f }: Subject, area: Area): void {
  const snapshot = session.reading?.snapshot;
  const slow = (snapshot?.slow_calls ?? []).filter((call) => call.function === f.name);
  const open = (snapshot?.open_calls ?? []).filter((call) => call.function === f.name);
  const endedMs = Date.parse(snapshot?.ended_at ?? '');
  const openRows = open.length === 0 ? 0 : Math.min(open.length + 1, Math.max(2, Math.floor(area.height / 3)));
  drawSlow(draw, { ...area, height: area.height - openRows }, slow, endedMs, session.capturing || session.borrowed);
  if (openRows > 0) drawOpen(draw, { ...area, y: area.y + area.height - openRows, height: openRows }, open);
}

function drawSlow(draw: Draw, area: Area, calls: readonly SingleCall[], endedMs: number, capturing: boolean): void {
  drawRow(draw, area, area.y, 'SLOWEST', 'TOOK', 'AGO', 'WHO', 'title');
  if (calls.length === 0) draw.grid.text(area.x + 2, area.y + 1, 'no single call kept yet', attr(draw, 'dim'), area.width - 2);
  const slowest = [...calls].sort((a, b) => Number(b.duration_ns) - Number(a.duration_ns));
  slowest.slice(0, area.height - 1).forEach((call, i) => {
    const ago = Number.isFinite(endedMs) ? clockText((endedMs - Date.parse(call.at)) / 1000) : '';
    drawRow(
      draw,
      area,
      area.y + 1 + i,
      argumentsText(call, i === 0 && !capturing),
      durationText(Number(call.duration_ns)),
      ago,
      whoText(call),
      'plain',
    );
  });
}

function drawOpen(draw: Draw, area: Area, calls: readonly OpenCallRow[]): void {
  drawRow(draw, area, area.y, 'OPEN NOW', 'FOR', '', 'WHO', 'title');
  calls.slice(0, area.height - 1).forEach((call, i) => {
    const waiting = call.waiting === undefined ? '' : `waiting: ${call.waiting}`;
    drawRow(draw, area, area.y + 1 + i, waiting, durationText(Number(call.age_ns)), '', whoText(call), 'plain');
  });
}

function drawRow(
  draw: Draw,
  area: Area,
  y: number,
  what: string,
  took: string,
  ago: string,
  who: string,
  role: 'title' | 'plain',
): void {
  const left = area.width - TOOK - AGE - WHO - 2;
  const quiet = role === 'title' ? 'title' : 'dim';
  drawSpans(draw, area.x + 2, y, [
    span(cutEnd(what, left - 1).padEnd(left), what.startsWith('(') ? 'dim' : role),
    span(took.padStart(TOOK), role),
    span(ago.padStart(AGE), quiet),
    span(who.padStart(WHO), quiet),
  ]);
}

const whoText = (call: { goroutine?: number; thread?: number }): string =>
  call.goroutine ? `g${call.goroutine}` : call.thread ? `t${call.thread}` : '';

/** `userID="u_12345" n=3`, and what cannot be shown by its reason; not captured: on the first row how to. */
function argumentsText(call: SingleCall, first: boolean): string {
  if (call.arguments === undefined) return first ? '(A: arguments)' : '(·)';
  const values = [...call.arguments.map(valueText), ...(call.results ?? []).map((value) => `-> ${valueText(value)}`)];
  return cellText(values.join(' ')) || '(no arguments)';
}

function valueText(value: CapturedValue): string {
  const name = value.name === '' ? '' : `${value.name}=`;
  if (value.redacted) return `${name}redacted`;
  if (value.unreadable !== undefined) return `${name}?(${value.unreadable})`;
  return `${name}${JSON.stringify(value.value) ?? '?'}${value.truncated ? '…' : ''}`;
}
