/** Sites of a program's functions, by the agent's own reader and planner, ready to be armed. */

import type { ArmedSite, KernelOptions } from '../agent/kernel/kernel.js';
import { decideSites } from '../agent/sites/decide-sites.js';
import type { Image } from '../agent/symbols/image.js';

export interface Plan {
  sites: ArmedSite[];
  functions: number;
}

/** Plans these rows; functions that are refused are left out. */
export function planRows(image: Image, rows: readonly number[]): Plan {
  const plan: Plan = { sites: [], functions: 0 };
  for (const row of rows) {
    const decision = decideSites(image, row);
    if (!decision.ok) continue;
    const slot = plan.functions++;
    for (const { offset, role, jbe } of decision.sites) {
      plan.sites.push({ slot, site: plan.sites.length, offset, role, owner: decision.owner, jbe });
    }
  }
  return plan;
}

/** Maps that are large enough for a plan. */
export function optionsFor(plan: Plan): KernelOptions {
  return { slots: plan.functions, sites: plan.sites.length, stacks: 1024, nodes: 4096, ringBytes: 1 << 20, maxSlow: 20 };
}
