/** Something that reads what outsiders wrote. */

import { CoralError } from '../../proto/errors.js';
import type { Random } from './random.js';

export interface Subject {
  name: string;
  /** Of a million inputs of a run, so many are this subject's. */
  share: number;
  /** Makes one input and reads it; false: it was refused with an error of the catalogue. Any other error is a fault. */
  attempt(random: Random): boolean;
  /** Looks at what was put off; faults as sentences. */
  settle?(): Promise<string[]>;
  /** What else a reader of the figures should know. */
  remark?(): string;
}

/** Whether it was read; throws what is no CoralError. */
export function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof CoralError) return false;
    throw error;
  }
}
