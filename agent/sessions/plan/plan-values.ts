/** Which values the planned functions give: from their types, with the reason where they give none. */

import { CoralError } from '../../../proto/errors.js';
import type { Refusal } from '../../../proto/gen/coral/live/v1/live.js';
import { captureOf, NO_VALUES } from '../../captures/function-capture.js';
import { compileWishes, type ValueWishes, wantsCapture, wantsValues } from '../../captures/value-wishes.js';
import type { SlotCapture } from '../../kernel/kernel.js';
import type { FunctionCapture } from '../../values/capture-plan.js';
import type { Targets } from '../ports.js';
import type { PlannedSlot } from './plan-part.js';

/** What one slot's calls are asked for. */
export interface SlotValues {
  /** How its bytes are read; null: it gives no values. */
  capture: FunctionCapture | null;
  kernel: SlotCapture | null;
}

export interface ValuesPlan {
  /** In the order of the slots; null: refused. */
  values: (SlotValues | null)[];
  /** Functions that a filter cannot be evaluated for, by index. */
  refused: Map<number, Refusal>;
  /** Why values are missing, one sentence a reason. */
  notices: string[];
}

export const NOTHING: SlotValues = { capture: null, kernel: null };

/** A function without types goes on without values, unless a filter needs them. */
export function planValues(slots: readonly PlannedSlot[], wishes: ValueWishes, targets: Targets): ValuesPlan {
  const plan: ValuesPlan = { values: [], refused: new Map(), notices: [] };
  const notices = new Set<string>();
  slots.forEach((slot, index) => {
    try {
      plan.values.push(planSlot(slot, wishes, targets, (reason) => notices.add(`no values of ${slot.plan.name}: ${reason}`)));
    } catch (error) {
      if (!(error instanceof CoralError)) throw error;
      plan.values.push(null);
      const { name, pid } = slot.plan;
      plan.refused.set(index, { function: name, code: error.code, reason: error.message, pid, agentId: '' });
    }
  });
  plan.notices = [...notices];
  return plan;
}

/** The same for slots that are armed: none can be refused, so the first refusal is thrown. */
export function insistOnValues(slots: readonly PlannedSlot[], wishes: ValueWishes, targets: Targets) {
  const { values, refused, notices } = planValues(slots, wishes, targets);
  const [first] = refused.values();
  if (first) throw new CoralError('UNSUPPORTED', `${first.function}: ${first.reason}`, 'leave the filter as it was');
  return { values: values.filter((each) => each !== null), notices };
}

/** Throws UNSUPPORTED where the filters cannot be evaluated. */
function planSlot(slot: PlannedSlot, wishes: ValueWishes, targets: Targets, missing: (reason: string) => void): SlotValues {
  if (!wantsCapture(wishes)) return NOTHING;
  try {
    if (slot.program === 'count') throw unsupported(`${slot.plan.name} is only counted, its calls are not followed`);
    const capture = wantsValues(wishes) ? captureOfSlot(slot, targets) : NO_VALUES;
    return { capture, kernel: compileWishes(wishes, capture) };
  } catch (error) {
    if (!(error instanceof CoralError) || wishes.filters.length > 0) throw error;
    missing(error.message);
    return NOTHING;
  }
}

function captureOfSlot(slot: PlannedSlot, targets: Targets): FunctionCapture {
  const { mapped, rows, plan } = slot;
  const { language, go } = mapped.image;
  if (rows.some((row) => go?.isAssembly(row))) throw unsupported(`${plan.name} is written in assembly`);
  const isGo = go !== null && !rows.some((row) => go.isForeign(row));
  const returns = slot.sites.filter(({ site }) => site.role !== 'entry');
  return captureOf(
    rows.map((row) => targets.types(mapped, row)),
    {
      name: plan.name,
      language: isGo ? 'go' : language === 'rust' ? 'rust' : 'c',
      endsInJump: slot.program === 'timed' && returns.some(({ site }) => !/\bret/.test(site.instruction)),
    },
  );
}

const unsupported = (message: string): CoralError =>
  new CoralError('UNSUPPORTED', message, 'ask without its values, or without --count-only');
