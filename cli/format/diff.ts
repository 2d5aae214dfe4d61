/** `coral debug diff`. Pure. */

import type { FunctionDiff, SnapshotDiff } from '../../snapshots/diff/document.js';
import type { Count } from '../../snapshots/document.js';
import { formatTable, printable } from './table.js';
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
    onlyIn(a.session_id, only_in_a),
    onlyIn(b.session_id, only_in_b),
    `\n${method}\n`,
  ].join('');
}

/** Beyond these they are only counted. */
const MAX_NAMES = 5;

function onlyIn(sessionId: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `only in ${sessionId}: ${printable(names.slice(0, MAX_NAMES).join(', '))}${more}\n`;
}

function change({ a, b, change }: FunctionDiff, name: (typeof PERCENTILES)[number]): string {
  const [before, after]: (Count | undefined)[] = [a[`${name}_ns`], b[`${name}_ns`]];
  const relative = change[name];
  const percent = relative === undefined ? '' : ` (${relative > 0 ? '+' : ''}${(relative * 100).toFixed(1)} %)`;
  return `${formatDuration(before)} -> ${formatDuration(after)}${percent}`;
}

const pValue = ({ p_value }: FunctionDiff): string =>
  p_value === undefined ? '-' : p_value < 0.0001 ? '<0.0001' : p_value.toFixed(4);
