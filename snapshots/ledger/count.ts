import type { Count } from '../document.js';

/** A counter as the document has it: a number up to 2^53, a decimal string above. */
export function toCount(value: number | bigint): Count {
  return value > Number.MAX_SAFE_INTEGER ? String(BigInt(value)) : Number(value);
}

/** A document's counter to reckon with; above 2^53 the nearest number. */
export function countToNumber(count: Count): number {
  return Number(count);
}
