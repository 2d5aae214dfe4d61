/** The last known P95 of a function, from the session on the screen or the history. */

import type { Snapshot } from '../../snapshots/document.js';
import type { State } from './state.js';

/** In ns; undefined when it was never measured. */
export function lastP95(state: State, name: string): number | undefined {
  const service = state.functions?.service;
  const current = state.session?.service === service ? state.session?.reading?.snapshot : undefined;
  const past = (state.history ?? []).filter((entry) => entry.snapshot.service === service).map((entry) => entry.snapshot);
  for (const snapshot of [current, ...past]) {
    const p95Ns = snapshot === undefined ? undefined : p95In(snapshot, name);
    if (p95Ns !== undefined) return p95Ns;
  }
  return undefined;
}

function p95In(snapshot: Snapshot, name: string): number | undefined {
  const latency = snapshot.functions.find((f) => f.name === name)?.latency;
  return latency === undefined || Number(latency.count) === 0 ? undefined : Number(latency.p95_ns);
}
