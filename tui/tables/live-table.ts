/** Live: a row for each probed function, and one for each that was refused. */

import { nextStep } from '../../proto/refusals.js';
import type { Snapshot, SnapshotFunction } from '../../snapshots/document.js';
import { compactText, countText, durationText, percentText } from '../cells/format.js';
import { cellText, cutEnd, cutName } from '../cells/text.js';
import { sparkline } from '../charts/sparkline.js';
import type { Session } from '../state/state.js';
import { ratePerSecond, type Trends } from '../state/trends.js';
import type { Cell, Column } from './column.js';

export interface LiveRow {
  readonly key: string;
  readonly name: string;
  /** A part of the row above: the function in one process. */
  readonly pid?: number;
  readonly measured?: SnapshotFunction;
  readonly refusal?: string;
  /** What to do about the refusal; empty where nothing is known. */
  readonly nextStep?: string;
  readonly ratePerS?: number;
  /** Of each of the last seconds; undefined where no call ended. */
  readonly p95Ns: readonly (number | undefined)[];
  /** Of one CPU, since the start. */
  readonly costPercent?: number;
}

const TREND_SECONDS = 60;

/** A session's rows; with `byProcess` also those of each process, which stand apart from the merged ones. */
export function liveRowsOf(session: Session, byProcess: boolean): readonly LiveRow[] {
  const known = cache.get(session);
  if (known?.byProcess === byProcess) return known.rows;
  const { reading, trends } = session;
  const merged = reading === undefined ? [] : liveRows(reading.snapshot, trends, reading.rowCostNs);
  const rows = byProcess ? [...merged, ...processRows(session)] : merged;
  cache.set(session, { byProcess, rows });
  return rows;
}

const cache = new WeakMap<Session, { readonly byProcess: boolean; readonly rows: readonly LiveRow[] }>();

/** Of the newest document that tells processes apart; rates are against the one before. */
function processRows({ processes = [], reading }: Session): LiveRow[] {
  const [now = reading?.snapshot, before] = processes;
  const spanS = now === undefined || before === undefined ? 0 : (Number(now.duration_ns) - Number(before.duration_ns)) / 1e9;
  return (now?.by_pid ?? []).flatMap(({ pid, functions }) => {
    const earlier = before?.by_pid?.find((other) => other.pid === pid)?.functions ?? [];
    const callsBefore = new Map(earlier.map(({ name, calls }) => [name, Number(calls)]));
    return functions.map((f): LiveRow => {
      const calls = callsBefore.get(f.name);
      const rate = calls === undefined || spanS <= 0 ? {} : { ratePerS: (Number(f.calls) - calls) / spanS };
      return { key: `${f.name}\n${pid}`, name: f.name, pid, measured: f, p95Ns: [], ...rate };
    });
  });
}

/** Rows of a reading: measured functions, then refused ones. */
function liveRows(snapshot: Snapshot, trends: Trends, rowCostNs: readonly number[]): LiveRow[] {
  const p95s = p95sOf(snapshot);
  const durationNs = Number(snapshot.duration_ns);
  const measured = snapshot.functions.map((f, i): LiveRow => {
    const costNs = rowCostNs[i];
    return {
      key: f.name,
      name: f.name,
      measured: f,
      ratePerS: ratePerSecond(trends, f.name) ?? averageRate(f, durationNs),
      p95Ns: p95s.get(f.name) ?? [],
      ...(costNs !== undefined && durationNs > 0 ? { costPercent: (100 * costNs) / durationNs } : {}),
    };
  });
  return [...measured, ...refusedRows(snapshot)];
}

/** By function the P95 of each of the last seconds. */
function p95sOf({ functions, timeline }: Snapshot): ReadonlyMap<string, (number | undefined)[]> {
  const recent = timeline.slice(-TREND_SECONDS);
  const p95s = new Map(functions.map(({ name }) => [name, new Array<number | undefined>(recent.length).fill(undefined)]));
  recent.forEach((point, second) => {
    for (const { name, p95_ns } of point.functions) {
      const seconds = p95s.get(name);
      if (seconds !== undefined) seconds[second] = number(p95_ns);
    }
  });
  return p95s;
}

/** A row a function and reason; the processes are named where it is not all of them. */
function refusedRows({ refused, pids }: Snapshot): LiveRow[] {
  const groups = new Map<string, Snapshot['refused']>();
  for (const r of refused) {
    const key = `${r.function} ${r.code} ${r.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), r]);
  }
  return [...groups].flatMap(([key, group]): LiveRow[] => {
    const [first] = group;
    if (first === undefined) return [];
    const where = group.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    const everywhere = where.length === 0 || pids.every((pid) => where.includes(pid));
    const refusal = everywhere ? first.reason : `in process ${where.join(', ')}: ${first.reason}`;
    return [{ key, name: first.function, refusal, nextStep: nextStep(first.code), p95Ns: [] }];
  });
}

const number = (count: number | string | undefined): number | undefined => (count === undefined ? undefined : Number(count));

const averageRate = (f: SnapshotFunction, durationNs: number): number | undefined =>
  durationNs > 0 ? Number(f.calls) / (durationNs / 1e9) : undefined;

type LatencyKey = 'p50_ns' | 'p95_ns' | 'p99_ns' | 'max_ns';

function latencyColumn(id: string, key: LatencyKey, priority: number): Column<LiveRow> {
  return {
    id,
    title: id.toUpperCase(),
    align: 'right',
    min: 6,
    max: 7,
    priority,
    value: (row) => Number(row.measured?.latency?.[key] ?? -1),
    cell: (row) => latencyCell(row, key),
  };
}

function latencyCell(row: LiveRow, key: LatencyKey): Cell {
  const latency = row.measured?.latency;
  if (latency === undefined || Number(latency.count) === 0) return { text: '·', role: 'dim' };
  const estimated = latency.estimated && key !== 'max_ns';
  return { text: `${estimated ? '~' : ''}${durationText(Number(latency[key]))}` };
}

function counter(
  id: string,
  title: string,
  min: number,
  priority: number,
  of: (f: SnapshotFunction) => number,
  warm = false,
): Column<LiveRow> {
  const value = (row: LiveRow): number => (row.measured === undefined ? -1 : of(row.measured));
  return {
    id,
    title,
    align: 'right',
    min,
    max: id === 'calls' ? 11 : min,
    priority,
    value,
    cell: (row, width) => {
      const count = Math.max(0, value(row));
      const mark = id === 'calls' && count > 0 && row.measured?.calls_estimated ? '~' : '';
      const exact = `${mark}${countText(count)}`;
      return {
        text: exact.length <= width ? exact : `${mark}${compactText(count)}`,
        role: count === 0 ? 'dim' : warm ? 'warm' : 'plain',
      };
    },
  };
}

function trendCell(row: LiveRow, width: number, ramp: readonly string[]): Cell {
  return { text: sparkline(row.p95Ns, width, ramp), role: 'bar' };
}

function nameCell(row: LiveRow, width: number): Cell {
  return row.pid === undefined ? { text: cutName(cellText(row.name), width) } : { text: `  pid ${row.pid}`, role: 'dim' };
}

export const LIVE_COLUMNS: readonly Column<LiveRow>[] = [
  {
    id: 'function',
    title: 'FUNCTION',
    align: 'left',
    min: 18,
    max: 60,
    priority: 1,
    value: (row) => row.name,
    cell: nameCell,
  },
  counter('calls', 'CALLS', 7, 5, (f) => Number(f.calls)),
  {
    id: 'rate',
    title: '/s',
    align: 'right',
    min: 5,
    max: 6,
    priority: 2,
    value: (row) => row.ratePerS ?? -1,
    cell: (row) => ({ text: compactText(row.ratePerS) }),
  },
  counter('open', 'OPEN', 4, 7, (f) => Number(f.in_flight)),
  counter('unwound', 'UNW', 4, 10, (f) => Number(f.unwound), true),
  latencyColumn('p50', 'p50_ns', 3),
  latencyColumn('p95', 'p95_ns', 2),
  latencyColumn('p99', 'p99_ns', 4),
  latencyColumn('max', 'max_ns', 4),
  {
    id: 'trend',
    title: 'P95 / s',
    align: 'left',
    min: 8,
    max: 60,
    priority: 5,
    cell: (row, width, glyphs) => trendCell(row, width, glyphs.spark),
  },
  {
    id: 'cost',
    title: 'COST',
    align: 'right',
    min: 5,
    max: 6,
    priority: 9,
    value: (row) => row.costPercent ?? -1,
    cell: (row) => ({ text: row.costPercent === undefined ? '·' : percentText(row.costPercent), role: 'dim' }),
  },
];

/** What stands in place of the figures of a refused function. */
export const refusalText = (row: LiveRow, width: number): string => cutEnd(cellText(`refused: ${row.refusal ?? ''}`), width);
