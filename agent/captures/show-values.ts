/** From a call's captured bytes to the JSON that leaves the host: decoded and redacted. */

import type { CapturedValue } from '../../snapshots/document.js';
import { bytesOf } from '../kernel/encode-capture.js';
import type { FunctionCapture } from '../values/capture-plan.js';
import { type AddressNames, type CapturedBytes, decodeValue } from '../values/decode.js';
import type { CapturePlan } from '../values/plan.js';
import { type RedactionRules, redact } from '../values/redact.js';

/** Both masks of failed operations stand before the copied bytes. */
export const MASKS_BYTES = 16;

/** How a slot's values are read and what is kept back. */
export interface Showing {
  capture: FunctionCapture;
  names: AddressNames;
  rules: RedactionRules;
}

/** A call's arguments; `at` is where its record lies in `captures`. */
export function showArguments(showing: Showing, captures: Buffer, at: number): CapturedValue[] {
  const bytes = captures.subarray(at + MASKS_BYTES, at + MASKS_BYTES + bytesOf(showing.capture.entry.ops));
  return show(showing.capture.entry, { bytes, failed: captures.readBigUInt64LE(at) }, showing);
}

/** Its results. */
export function showResults(showing: Showing, captures: Buffer, at: number): CapturedValue[] {
  const start = at + MASKS_BYTES + bytesOf(showing.capture.entry.ops);
  const bytes = captures.subarray(start, start + bytesOf(showing.capture.return.ops));
  return show(showing.capture.return, { bytes, failed: captures.readBigUInt64LE(at + 8) }, showing);
}

function show(plan: CapturePlan, captured: CapturedBytes, { names, rules }: Showing): CapturedValue[] {
  const bytes = padded(captured.bytes);
  return plan.values.map((value) => redact(decodeValue(value, { ...captured, bytes }, names), rules));
}

/** Values are read in words of eight bytes. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(8)]);
}
