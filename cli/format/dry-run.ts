/** `debug attach --dry-run`. Pure. */

import type { OpenSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { planRow, plansTable, refusalRow, refusalsText } from './plans.js';
import { formatDuration } from './units.js';

/** The contract's JSON: functions with sites, refusals, cost of a hit. */
export function dryRunJson({ session, estimatedHitCostNs }: OpenSessionResponse): string {
  const functions = (session?.functions ?? []).map((plan) => planRow(plan, { proof: true }));
  const refused = (session?.refused ?? []).map(refusalRow);
  return `${JSON.stringify({ functions, refused, estimated_hit_cost_ns: estimatedHitCostNs })}\n`;
}

/** The same for a person. */
export function dryRunText({ session, estimatedHitCostNs }: OpenSessionResponse): string {
  const cost =
    estimatedHitCostNs > 0
      ? `A call would cost about ${formatDuration(estimatedHitCostNs)}. Nothing was armed.\n`
      : 'Nothing was armed.\n';
  return `${plansTable(session?.functions ?? [], { proof: true })}\n${refusalsText(session?.refused ?? [])}${cost}`;
}
