import type { Site } from '../../proto/gen/coral/live/v1/live.js';
import { CALLS_WINDOWED, LATENCY_WINDOWED } from '../columns/functions.js';
import type { Latency, SnapshotFunction, SnapshotSite } from '../document.js';
import { toSparse, totalCount } from '../histogram/arithmetic.js';
import { lowerNs, RELATIVE_ERROR, upperNs } from '../histogram/buckets.js';
import { quantilesNs } from '../histogram/quantile.js';
import { toCount } from './count.js';
import type { Row } from './row.js';
import { waitReason } from './wait-reason.js';

/** A row as the document has it. */
export function snapshotFunction(row: Row): SnapshotFunction {
  const { plan } = row;
  const latency = latencyOf(row);
  return {
    name: row.name,
    ...(plan.file && { file: plan.file }),
    ...(plan.line > 0 && { line: plan.line }),
    language: plan.language,
    inlined_copies: plan.inlinedCopies,
    calls: toCount(row.calls),
    ...(row.estimated & CALLS_WINDOWED && { calls_estimated: true, calls_error: toCount(row.callsError) }),
    returns: toCount(row.returns),
    in_flight: toCount(row.inFlight),
    unwound: toCount(row.unwound),
    untracked: toCount(row.untracked),
    joined_mid_call: toCount(row.joinedMidCall),
    ...(latency && { latency }),
    sites: row.sites.map(snapshotSite),
    ...(row.waiting.length > 0 && { waiting: row.waiting.map(waitingRow) }),
  };
}

/** Undefined where nothing has returned: there is no latency of no call. */
function latencyOf(row: Row): Latency | undefined {
  const count = totalCount(row.histogram);
  if (count === 0 || row.minNs === undefined) return undefined;
  const [p50, p90, p95, p99, p999] = quantilesNs(row.histogram, [0.5, 0.9, 0.95, 0.99, 0.999], row).map((ns) => ns!);
  return {
    count: toCount(count),
    sum_ns: toCount(row.sumNs),
    min_ns: row.minNs,
    max_ns: row.maxNs,
    mean_ns: toCount(row.sumNs / BigInt(count)),
    p50_ns: p50!,
    p90_ns: p90!,
    p95_ns: p95!,
    p99_ns: p99!,
    p999_ns: p999!,
    relative_error: RELATIVE_ERROR,
    estimated: (row.estimated & LATENCY_WINDOWED) !== 0,
    histogram: bucketsOf(row),
  };
}

function bucketsOf(row: Row): Latency['histogram'] {
  const { bucket, count } = toSparse(row.histogram);
  return Array.from(bucket, (index, i) => [lowerNs(index), upperNs(index), toCount(count[i]!)]);
}

function snapshotSite({ role, offset, instruction, cost, hits }: Site): SnapshotSite {
  return { role: role as SnapshotSite['role'], offset, instruction, cost: cost as SnapshotSite['cost'], hits: toCount(hits) };
}

function waitingRow({ reason, count, totalNs }: Row['waiting'][number]) {
  return { reason: waitReason(reason), count: toCount(count), total_ns: toCount(totalNs) };
}
