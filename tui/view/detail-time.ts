/** A function over time: percentile lines of each second, and where its calls' latencies lay. */

import { durationText } from '../cells/format.js';
import { heatmap } from '../charts/heatmap.js';
import { lineChart, type Series } from '../charts/lines.js';
import { namedRows } from '../charts/named-rows.js';
import type { Subject } from '../state/subject.js';
import { type Area, attr, type Draw, drawSpans, span } from './draw.js';

const LABEL = 8;
/** Cells at the right for the lines' names. */
const NAME = 4;
const LINES = [
  ['P50', 'p50_ns'],
  ['P95', 'p95_ns'],
  ['P99', 'p99_ns'],
] as const;
/** The axis grows with what there is to show. */
const SPANS_SECONDS = [15, 30, 60];
const LONGEST_SECONDS = 60;

const axisSeconds = (known: number): number => SPANS_SECONDS.find((seconds) => seconds >= known) ?? LONGEST_SECONDS;

export function drawPercentiles(draw: Draw, { session, f, pid }: Subject, area: Area): void {
  draw.grid.text(area.x + 2, area.y, `OVER TIME${ofAll(pid)}`, attr(draw, 'title'), area.width - 2);
  const points = session.reading?.snapshot.timeline ?? [];
  const seconds = axisSeconds(points.length);
  const mine = points.slice(-seconds).map((point) => point.functions.find((at) => at.name === f.name));
  const padding: undefined[] = new Array(Math.max(0, seconds - mine.length)).fill(undefined);
  const series = LINES.map(
    ([, key]): Series => [...padding, ...mine.map((at) => (at?.[key] === undefined ? undefined : Number(at[key])))],
  );
  const height = area.height - 2;
  const chart = lineChart(series, area.width - LABEL - NAME, height, draw.glyphs.name);
  if (chart === undefined) {
    draw.grid.text(area.x + 2, area.y + 1, 'nothing yet', attr(draw, 'dim'), area.width - 2);
    return;
  }
  chart.cells.forEach((row, y) => {
    row.forEach((cell, x) => {
      if (cell !== undefined)
        draw.grid.put(area.x + LABEL + x, area.y + 1 + y, cell.char, draw.theme.lines[cell.series] ?? attr(draw, 'bar'));
    });
  });
  drawNames(draw, area, namedRows(chart.ends, height));
  drawScale(draw, area, height, chart.lowest, chart.highest);
  drawAxis(draw, { ...area, width: area.width - NAME }, area.y + 1 + height, seconds);
}

/** Each line's name at its end. */
function drawNames(draw: Draw, area: Area, rows: readonly (number | undefined)[]): void {
  rows.forEach((row, i) => {
    if (row === undefined || row < 0) return;
    draw.grid.text(
      area.x + area.width - NAME + 1,
      area.y + 1 + row,
      LINES[i]?.[0] ?? '',
      draw.theme.lines[i] ?? attr(draw, 'plain'),
    );
  });
}

/** Latencies at the top, middle and bottom of a logarithmic scale. */
function drawScale(draw: Draw, area: Area, height: number, lowestNs: number, highestNs: number): void {
  const rows = height >= 5 ? [0, Math.floor((height - 1) / 2), height - 1] : [0, height - 1];
  for (const row of rows) {
    const share = height < 2 ? 1 : 1 - row / (height - 1);
    const valueNs = lowestNs * (highestNs / lowestNs) ** share;
    draw.grid.text(area.x, area.y + 1 + row, durationText(valueNs).padStart(LABEL - 1), attr(draw, 'dim'), LABEL);
  }
}

function drawAxis(draw: Draw, area: Area, y: number, seconds: number): void {
  const width = area.width - LABEL;
  drawSpans(draw, area.x + LABEL, y, [span(`-${seconds}s`.padEnd(Math.max(0, width - 3)), 'dim'), span('now', 'dim')], width);
}

/** Seconds are kept of the merged rows only. */
const ofAll = (pid: number | undefined): string => (pid === undefined ? '' : ', all processes');

/** One column a second, the newest at the right. */
export function drawHeat(draw: Draw, { session, f, pid }: Subject, area: Area): void {
  draw.grid.text(area.x + 2, area.y, `HEATMAP, calls that ended${ofAll(pid)}`, attr(draw, 'title'), area.width - 2);
  const height = area.height - 2;
  const width = area.width - LABEL - NAME;
  const columns = session.trends.heat.get(f.name) ?? [];
  const seconds = axisSeconds(columns.length);
  const map = heatmap(columns, seconds, width, height);
  if (map === undefined) {
    draw.grid.text(
      area.x + 2,
      area.y + 1,
      session.borrowed ? 'not before it was watched' : 'nothing yet',
      attr(draw, 'dim'),
      area.width - 2,
    );
    return;
  }
  map.levels.forEach((row, y) => {
    row.forEach((level, x) => {
      if (level > 0) drawHeatCell(draw, area.x + LABEL + x, area.y + 1 + y, level);
    });
  });
  drawScale(draw, area, height, map.lowestNs, map.highestNs);
  drawAxis(draw, { ...area, width: area.width - NAME }, area.y + 1 + height, seconds);
}

/** Square root, so that rare latencies are seen beside common ones. */
function drawHeatCell(draw: Draw, x: number, y: number, level: number): void {
  const pick = <T>(ramp: readonly T[]): T | undefined =>
    ramp[Math.min(ramp.length - 1, Math.floor(Math.sqrt(level) * ramp.length))];
  draw.grid.put(x, y, pick(draw.glyphs.shade) ?? '#', pick(draw.theme.heat) ?? attr(draw, 'bar'));
}
