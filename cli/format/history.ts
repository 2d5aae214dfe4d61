/** `coral debug query`. Pure. */

import type { HistoryEntry } from '../../proto/gen/coral/colony/v1/debug.js';
import type { Snapshot } from '../../snapshots/document.js';
import { formatTable } from './table.js';
import { formatCount, formatDuration } from './units.js';

/** A past session's document, as text and read. */
export interface PastDocument {
  readonly text: string;
  readonly snapshot: Snapshot;
}

/** The documents of a history answer, in its order. */
export function snapshotsOf(entries: readonly HistoryEntry[]): PastDocument[] {
  return entries.map(({ snapshot }) => {
    const text = Buffer.from(snapshot).toString('utf8');
    return { text, snapshot: JSON.parse(text) as Snapshot };
  });
}

/** One row a session and function; with `wanted` only functions whose name fits it. */
export function historyTable(documents: readonly PastDocument[], wanted: string | undefined): string {
  const right = (title: string) => ({ title, align: 'right' }) as const;
  return formatTable(
    [
      { title: 'STARTED' },
      { title: 'SESSION' },
      { title: 'FUNCTION' },
      ...['CALLS', 'P50', 'P95', 'P99', 'MAX'].map(right),
      { title: 'ENDED' },
    ],
    documents.flatMap(({ snapshot }) => rowsOf(snapshot, wanted)),
  );
}

function rowsOf(snapshot: Snapshot, wanted: string | undefined): string[][] {
  const fits = wanted === undefined ? () => true : nameFilter(wanted);
  return snapshot.functions
    .filter(({ name }) => fits(name))
    .map(({ name, calls, latency }) => [
      snapshot.started_at.slice(0, 19).replace('T', ' '),
      snapshot.session_id,
      name,
      formatCount(calls),
      formatDuration(latency?.p50_ns),
      formatDuration(latency?.p95_ns),
      formatDuration(latency?.p99_ns),
      formatDuration(latency?.max_ns),
      snapshot.end_reason ?? 'running',
    ]);
}

/** Full name, suffix after a dot or slash, or glob: the colony has chosen the sessions by the same rule. */
function nameFilter(wanted: string): (name: string) => boolean {
  if (/[*?]/.test(wanted)) {
    const source = wanted
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    const glob = new RegExp(`^${source}$`);
    return (name) => glob.test(name);
  }
  return (name) => name === wanted || name.endsWith(`.${wanted}`) || name.endsWith(`/${wanted}`) || name.endsWith(`::${wanted}`);
}
