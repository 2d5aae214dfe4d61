import { WAIT_REASONS, type WaitReason } from '../document.js';

/** A wait's reason as the document has it; one that it does not know (of a newer agent) is "other". */
export function waitReason(reason: string): WaitReason {
  return WAIT_REASONS.find((known) => known === reason) ?? 'other';
}
