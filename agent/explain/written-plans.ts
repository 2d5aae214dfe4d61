/** An explanation, encoded while it grows: as objects the plans of a large program take several times as much, and the collector's time. */

import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { ExplainFunctionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { FunctionPlan } from '../../proto/gen/coral/live/v1/live.js';

/** Plans that wait to be encoded. */
const BATCH = 256;

export class WrittenPlans {
  /** Messages behind each other are one message: lists are joined. */
  readonly #pieces: Uint8Array[];
  #waiting: FunctionPlan[] = [];
  /** Keeps its room, which grows with the first batches. */
  readonly #writer = new BinaryWriter();

  constructor(serviceName: string, buildId: string) {
    this.#pieces = [this.#encode({ serviceName, buildId, functions: [] })];
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
    this.#pieces.push(this.#encode({ serviceName: '', buildId: '', functions: this.#waiting }));
    this.#waiting = [];
  }

  #encode(part: ExplainFunctionResponse): Uint8Array {
    return ExplainFunctionResponse.encode(part, this.#writer).finish();
  }
}
