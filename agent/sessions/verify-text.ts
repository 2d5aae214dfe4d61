/** After the probes are off: is the targets' text what their files say? */

import type { PlannedSlot } from './plan-part.js';
import type { TextVerdict } from './ports.js';
import type { World } from './world.js';

/** Compares every image that was probed, in every process that still lives. */
export function verifyTargets(slots: readonly PlannedSlot[], lives: (pid: number) => boolean, world: World): TextVerdict {
  const images = new Map(slots.map(({ mapped }) => [`${mapped.pid} ${mapped.armPath}`, mapped]));
  const living = [...images.values()].filter((mapped) => lives(mapped.pid));
  if (living.length === 0) return { ok: false, detail: 'the process has exited: no text is left to compare' };
  const verdicts = living.map((mapped) => world.targets.compareText(mapped, world.armedElsewhere(mapped)));
  return { ok: verdicts.every((verdict) => verdict.ok), detail: verdicts.map((verdict) => verdict.detail).join('; ') };
}
