/** After the probes are off: is the targets' text what their files say? */

import { NO_TEXT_LEFT } from '../../proto/text-verdict.js';
import type { PlannedSlot } from './plan/plan-part.js';
import type { TextVerdict } from './ports.js';
import type { World } from './world.js';

const NOTHING_LEFT: TextVerdict = { ok: false, detail: NO_TEXT_LEFT };

/** Compares every image that was probed, in every process that still lives; one may end in the middle of it. */
export function verifyTargets(slots: readonly PlannedSlot[], lives: (pid: number) => boolean, world: World): TextVerdict {
  const images = new Map(slots.map(({ mapped }) => [`${mapped.pid} ${mapped.armPath}`, mapped]));
  const living = [...images.values()].filter((mapped) => lives(mapped.pid));
  if (living.length === 0) return NOTHING_LEFT;
  const compared = living.map((mapped) => ({
    pid: mapped.pid,
    ...world.targets.compareText(mapped, world.armedElsewhere(mapped)),
  }));
  const verdicts = compared.filter(({ ok, pid }) => ok || world.targets.identity(pid) !== null);
  if (verdicts.length === 0) return NOTHING_LEFT;
  return { ok: verdicts.every((verdict) => verdict.ok), detail: verdicts.map((verdict) => verdict.detail).join('; ') };
}
