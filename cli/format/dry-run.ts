/** `debug attach --dry-run`. Pure. */

import type { OpenSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { planRow, plansTable, refusalRow, refusalsText } from './plans.js';
import { formatDuration, formatRate } from './units.js';

/** Of one CPU, for each function, unless --budget says otherwise. */
const DEFAULT_PERCENT = 1;

/** The contract's JSON: functions with sites, refusals, cost of a hit, and the rate that the budget lasts for. */
export function dryRunJson({ session, estimatedHitCostNs }: OpenSessionResponse, budgetPercent: number): string {
  const functions = (session?.functions ?? []).map((plan) => planRow(plan, { proof: true }));
  const refused = (session?.refused ?? []).map(refusalRow);
  const rate = rateInBudget(estimatedHitCostNs, budgetPercent);
  const cost = { estimated_hit_cost_ns: estimatedHitCostNs, ...(rate && { calls_per_s_in_budget: Math.round(rate.perSecond) }) };
  return `${JSON.stringify({ functions, refused, ...cost })}\n`;
}

/** The same for a person. */
export function dryRunText({ session, estimatedHitCostNs }: OpenSessionResponse, budgetPercent: number): string {
  const plans = `${plansTable(session?.functions ?? [], { proof: true })}\n${refusalsText(session?.refused ?? [])}`;
  if (estimatedHitCostNs <= 0) return `${plans}Nothing was armed.\n`;
  const rate = rateInBudget(estimatedHitCostNs, budgetPercent);
  const windowed = rate
    ? `Probes of a function with more than ${formatRate(rate.perSecond)} calls a second would be windowed (--budget: ${rate.percent} % of one CPU).\n`
    : '';
  return `${plans}A call would cost about ${formatDuration(estimatedHitCostNs)}.\n${windowed}Nothing was armed.\n`;
}

/** How many calls a second of a function its budget pays for; undefined: any number, or the cost is not known. */
function rateInBudget(hitCostNs: number, budgetPercent: number): { perSecond: number; percent: number } | undefined {
  if (hitCostNs <= 0 || budgetPercent < 0) return undefined;
  const percent = budgetPercent || DEFAULT_PERCENT;
  return { perSecond: (percent * 1e7) / hitCostNs, percent };
}
