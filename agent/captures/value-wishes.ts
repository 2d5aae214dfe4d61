/** Which values of calls are wanted, and what the kernel has to copy for it. Pure. */

import type { SlotCapture } from '../kernel/kernel.js';
import type { FunctionCapture } from '../values/capture-plan.js';
import { compileFilter, needsValues } from '../values/compile-filter.js';
import type { Filter } from '../values/filter-expression.js';

export interface ValueWishes {
  captureArgs: boolean;
  captureReturn: boolean;
  /** All must match; none: every call does. */
  filters: Filter[];
}

export const NO_WISHES: ValueWishes = { captureArgs: false, captureReturn: false, filters: [] };

/** Whether types are needed. */
export const wantsValues = (wishes: ValueWishes): boolean =>
  wishes.captureArgs || wishes.captureReturn || needsValues(wishes.filters);

/** Whether the kernel has anything to do. */
export const wantsCapture = (wishes: ValueWishes): boolean => wantsValues(wishes) || wishes.filters.length > 0;

/**
 * The kernel's program; UNSUPPORTED names the condition that it cannot evaluate. Both moments are copied whenever values
 * are wanted at all, so that records keep one layout while wishes change.
 */
export function compileWishes(wishes: ValueWishes, capture: FunctionCapture): SlotCapture | null {
  if (!wantsCapture(wishes)) return null;
  const { predicates, clauses } = compileFilter(wishes.filters, capture);
  return { entry: capture.entry.ops, return: capture.return.ops, predicates, clauses };
}
