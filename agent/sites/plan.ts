/** The plan for one function: where its calls begin and end, and why that is safe. */

import type { RefusalCode } from '../../proto/refusals.js';
import type { SiteRole, StackOwner } from '../kernel/kernel.js';

export interface PlannedSite {
  role: SiteRole;
  /** Virtual address as linked. */
  address: number;
  /** In the file. */
  offset: number;
  instruction: string;
  cost: 'emulated' | 'stepped';
  bytes: Uint8Array;
  jbe: boolean;
  /** A conditional jump, with this condition: the call ends there only where it is taken. */
  condition?: number;
  /** An entry of a function without exits: its calls stay open until something leaves them. */
  endless?: boolean;
  stackDepth: number;
  proof: string[];
}

export interface SitePlan {
  ok: true;
  owner: StackOwner;
  sites: PlannedSite[];
  /** Why calls are counted, not followed; empty: they are timed. */
  untimedReason: string;
}

export interface SiteRefusal {
  ok: false;
  code: RefusalCode;
  reason: string;
}

export type SiteDecision = SitePlan | SiteRefusal;

/** Whether none of its calls ever returns. */
export function isEndless({ sites }: SitePlan): boolean {
  return sites.some(({ endless }) => endless);
}

/** Whether a call of it may end in a jump to another function, which returns for both. */
export function endsByJump({ sites }: SitePlan): boolean {
  return sites.some(({ role, instruction }) => role !== 'entry' && !/^(?:\w+ )?ret/.test(instruction));
}
