/** An explanation, encoded while it grows: as objects the plans of a large program take several times as much, and the collector's time. */

import { ExplainFunctionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { FunctionPlan } from '../../proto/gen/coral/live/v1/live.js';

/** Plans that wait to be encoded. */
const BATCH = 256;

export class WrittenPlans {
  /** Messages behind each other are one message: lists are joined. */
  readonly #pieces: Uint8Array[];
  #waiting: FunctionPlan[] = [];

  constructor(serviceName: string, buildId: string) {
    this.#pieces = [encode({ serviceName, buildId, functions: [] })];
  }

  add(plan: FunctionPlan): void {
    this.#waiting.push(plan);
    if (this.#waiting.length === BATCH) this.#write();
  }

  /** The message. */
  encoded(): Buffer {
    this.#write();
    return Buffer.concat(this.#pieces);
  }

  #write(): void {
    this.#pieces.push(encode({ serviceName: '', buildId: '', functions: this.#waiting }));
    this.#waiting = [];
  }
}

const encode = (part: ExplainFunctionResponse): Uint8Array => ExplainFunctionResponse.encode(part).finish();
