/** What can be captured of a function whose bodies may be several. Pure. */

import { CoralError } from '../../proto/errors.js';
import type { FunctionTypes } from '../dwarf/types.js';
import { type FunctionCapture, planCapture } from '../values/capture-plan.js';
import { type CapturePlan, REASON } from '../values/plan.js';

/** How a function's values travel. */
export interface CallingFacts {
  name: string;
  language: 'go' | 'rust' | 'c';
  /** Some exit is a jump to another function, so that its results are not there yet. */
  endsInJump: boolean;
}

/** Nothing to read, for filters on the duration alone. */
export const NO_VALUES: FunctionCapture = { entry: { ops: [], values: [] }, return: { ops: [], values: [] } };

/** One plan for all bodies; UNSUPPORTED where they take their arguments in different ways. */
export function captureOf(bodies: readonly FunctionTypes[], facts: CallingFacts): FunctionCapture {
  const [first = NO_VALUES, ...others] = bodies.map((types) => planCapture(types, facts.language));
  if (others.some((other) => !isSame(first, other))) throw differs(facts.name, bodies.length);
  return facts.endsInJump ? { entry: first.entry, return: withoutValues(first.return) } : first;
}

const isSame = (a: FunctionCapture, b: FunctionCapture): boolean => JSON.stringify(a) === JSON.stringify(b);

function withoutValues({ values }: CapturePlan): CapturePlan {
  return { ops: [], values: values.map((value) => ({ ...value, recipe: { kind: 'unreadable', reason: REASON.tailJump } })) };
}

function differs(name: string, bodies: number): CoralError {
  const message = `the ${bodies} bodies of ${name} take their arguments in different ways`;
  return new CoralError('UNSUPPORTED', message, 'name a function that is not generic', { function: name });
}
