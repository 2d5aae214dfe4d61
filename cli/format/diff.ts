/** `coral debug diff`. Pure. */

import type { FunctionDiff, SnapshotDiff } from '../../snapshots/diff/document.js';
import type { Count } from '../../snapshots/document.js';
import { formatTable } from './table.js';
import { formatDuration } from './units.js';

const PERCENTILES = ['p50', 'p95', 'p99'] as const;

/** One row a function: before, after and change of three percentiles, and whether any is significant. */
export function diffText({ a, b, functions, only_in_a, only_in_b, method }: SnapshotDiff): string {
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const table = formatTable(
    [{ title: 'FUNCTION' }, ...PERCENTILES.map((name) => right(name.toUpperCase())), right('P-VALUE'), { title: 'SIGNIFICANT' }],
    functions.map((row) => [
      row.name,
      ...PERCENTILES.map((name) => change(row, name)),
      pValue(row),
      row.significant ? 'yes' : 'no',
    ]),
  );
  return [
    `${a.session_id} (${a.service}, ${formatDuration(a.duration_ns)}) -> ${b.session_id} (${b.service}, ${formatDuration(b.duration_ns)})\n\n`,
    table,
    ...only_in_a.map((name) => `only in ${a.session_id}: ${name}\n`),
    ...only_in_b.map((name) => `only in ${b.session_id}: ${name}\n`),
    `\n${method}\n`,
  ].join('');
}

function change({ a, b, change }: FunctionDiff, name: (typeof PERCENTILES)[number]): string {
  const [before, after]: (Count | undefined)[] = [a[`${name}_ns`], b[`${name}_ns`]];
  const relative = change[name];
  const percent = relative === undefined ? '' : ` (${relative > 0 ? '+' : ''}${(relative * 100).toFixed(1)} %)`;
  return `${formatDuration(before)} -> ${formatDuration(after)}${percent}`;
}

const pValue = ({ p_value }: FunctionDiff): string =>
  p_value === undefined ? '-' : p_value < 0.0001 ? '<0.0001' : p_value.toFixed(4);
