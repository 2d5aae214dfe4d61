/** Services: every process that could be probed, grouped by name. */

import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import { compactText, countText, percentText } from '../cells/format.js';
import { cellText, cutEnd, cutStart } from '../cells/text.js';
import type { Cell, Column } from './column.js';

export interface ServiceRow {
  readonly key: string;
  readonly service: string;
  readonly pids: readonly number[];
  readonly language: string;
  readonly symbols: string;
  readonly executable: string;
  readonly cpuPercent: number;
  readonly functions: number;
  readonly sessions: number;
  readonly probeable: boolean;
  readonly reason: string;
}

/** One row a name and kind: a name's probeable and unprobeable processes are kept apart. */
export function serviceRows(services: readonly Service[]): ServiceRow[] {
  const groups = new Map<string, Service[]>();
  for (const service of services) {
    const key = `${service.service}${service.probeable ? '' : ` ${service.reason}`}`;
    groups.set(key, [...(groups.get(key) ?? []), service]);
  }
  return [...groups].map(([key, group]) => rowOf(key, group));
}

function rowOf(key: string, group: readonly Service[]): ServiceRow {
  const first = group[0] as Service;
  return {
    key,
    service: first.service,
    pids: group.map((service) => service.pid),
    language: first.languageVersion || first.language,
    symbols: first.symbols,
    executable: first.executable,
    cpuPercent: group.reduce((sum, service) => sum + service.cpuPercent, 0),
    functions: first.functionCount,
    sessions: Math.max(...group.map((service) => service.sessions)),
    probeable: first.probeable,
    reason: first.reason,
  };
}

const quiet = (row: ServiceRow, text: string): Cell => ({ text, role: row.probeable ? 'plain' : 'dim' });

export const SERVICE_COLUMNS: readonly Column<ServiceRow>[] = [
  {
    id: 'service',
    title: 'SERVICE',
    align: 'left',
    min: 16,
    max: 28,
    priority: 1,
    value: (row) => row.service,
    cell: (row, width) => quiet(row, cutEnd(cellText(row.service), width)),
  },
  {
    id: 'pid',
    title: 'PID',
    align: 'right',
    min: 9,
    max: 14,
    priority: 2,
    value: (row) => row.pids[0] ?? 0,
    cell: (row) => quiet(row, row.pids.length > 1 ? `${row.pids.length} procs` : String(row.pids[0] ?? '')),
  },
  {
    id: 'language',
    title: 'LANGUAGE',
    align: 'left',
    min: 9,
    max: 12,
    priority: 3,
    value: (row) => row.language,
    cell: (row, width) => quiet(row, cutEnd(cellText(row.language), width)),
  },
  {
    id: 'cpu',
    title: 'CPU',
    align: 'right',
    min: 6,
    max: 6,
    priority: 4,
    value: (row) => row.cpuPercent,
    cell: (row) => quiet(row, percentText(row.cpuPercent)),
  },
  {
    id: 'functions',
    title: 'FUNCTIONS',
    align: 'right',
    min: 9,
    max: 9,
    priority: 6,
    value: (row) => row.functions,
    cell: (row) => quiet(row, countText(row.functions)),
  },
  {
    id: 'sessions',
    title: 'SESSIONS',
    align: 'right',
    min: 8,
    max: 8,
    priority: 5,
    value: (row) => row.sessions,
    cell: (row) => ({ text: compactText(row.sessions).replace('.0', ''), role: row.sessions > 0 ? 'accent' : 'dim' }),
  },
  {
    id: 'symbols',
    title: 'SYMBOLS',
    align: 'left',
    min: 9,
    max: 13,
    priority: 8,
    value: (row) => row.symbols,
    cell: (row, width) => ({ text: cutEnd(cellText(row.symbols), width), role: 'dim' }),
  },
  {
    id: 'where',
    title: 'PROGRAM',
    align: 'left',
    min: 16,
    max: 200,
    priority: 7,
    value: (row) => row.executable,
    cell: (row, width) => ({ text: cutStart(cellText(row.executable), width), role: 'dim' }),
  },
];

/** What stands in place of the figures of a service that cannot be probed. */
export const unprobeableText = (row: ServiceRow, width: number): string =>
  cutEnd(cellText(`pid ${row.pids.join(', ')}: ${row.reason}`), width);
