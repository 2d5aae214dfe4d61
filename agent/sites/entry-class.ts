/** What a list shows of a function: whether it can be probed, what a hit costs, how many returns it has. */

import type { Image } from '../symbols/image.js';
import { decideSites } from './decide-sites.js';
import type { ProbeCost } from './kernel-opcodes.js';

export interface EntryClass {
  probeable: boolean;
  /** Code and sentence of the refusal; empty when probeable. */
  code: string;
  reason: string;
  entryCost: ProbeCost | '';
  returnSites: number;
  timed: boolean;
}

/** About 50 us a function: the whole decision, without the sites' texts and proofs. */
export function entryClass(image: Image, row: number): EntryClass {
  const decision = decideSites(image, row);
  if (!decision.ok) {
    return { probeable: false, code: decision.code, reason: decision.reason, entryCost: '', returnSites: 0, timed: false };
  }
  const { sites, timed } = decision;
  const returnSites = sites.filter(({ role }) => role !== 'entry').length;
  return { probeable: true, code: '', reason: '', entryCost: sites[0]?.cost ?? '', returnSites, timed };
}
