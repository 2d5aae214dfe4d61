/** Whether the targets' text equals their files again, by all agents of a session. Pure. */

import type { Snapshot } from '../../snapshots/document.js';

/** An agent's comparison after its probes were off. */
export interface TextCheck {
  readonly textVerified: boolean;
  readonly textDetail: string;
}

/** Verified only if every agent that ended its part says so; nothing when none has. */
export function textVerdict(checks: readonly TextCheck[]): Pick<Snapshot, 'text_verified' | 'text_detail'> {
  if (checks.length === 0) return {};
  const detail = [...new Set(checks.map((check) => check.textDetail).filter((text) => text !== ''))].join('; ');
  return { text_verified: checks.every((check) => check.textVerified), ...(detail && { text_detail: detail }) };
}

/** What was found in one agent's targets; empty: nothing. */
export const textFault = (check: TextCheck): string => (check.textVerified ? '' : check.textDetail);
