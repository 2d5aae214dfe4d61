/** A session's kernel side, opened ahead: loading the programs takes most of the time that opening a session takes. */

import type { Kernel, KernelOptions, KernelSession } from '../kernel/kernel.js';
import { KernelError } from '../kernel/kernel-error.js';
import { estimateMemoryBytes, sizeMaps } from './limits/memory.js';
import { DEFAULT_MAX_SLOW } from './request.js';

/** Functions and sites of a session that the spare one will do for; larger ones open their own. */
const ROOM = { slots: 64, sites: 512, standing: false } as const;
/** Opened when nobody waits: so long after a session has taken the spare one. */
const PREPARE_AFTER_MS = 500;

export interface OpenMaps {
  session: KernelSession;
  capacity: KernelOptions;
}

export class SpareMaps {
  #spare: OpenMaps | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** `maxBytes`: what may be taken ahead. */
  constructor(
    private readonly kernel: Kernel,
    private readonly maxCallsPerSecond: number,
    private readonly maxBytes: number,
  ) {}

  /** The spare one if it is large enough, else new ones. */
  open(wanted: KernelOptions): OpenMaps {
    const spare = this.#spare;
    if (spare === null || !isEnough(spare.capacity, wanted)) return { session: this.kernel.open(wanted), capacity: wanted };
    this.#spare = null;
    this.prepareLater();
    return spare;
  }

  prepareLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.prepare(), PREPARE_AFTER_MS);
    this.#timer.unref();
  }

  /** Opens a spare one now, if there is none. A kernel that refuses will say why to whoever opens a session. */
  prepare(): void {
    const capacity = { ...sizeMaps(ROOM, DEFAULT_MAX_SLOW), maxCallsPerSecond: this.maxCallsPerSecond };
    if (this.#spare !== null || estimateMemoryBytes(capacity) > this.maxBytes) return;
    try {
      this.#spare = { session: this.kernel.open(capacity), capacity };
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#spare?.session.close();
    this.#spare = null;
  }
}

function isEnough(spare: KernelOptions, wanted: KernelOptions): boolean {
  return (
    wanted.slots <= spare.slots &&
    wanted.sites <= spare.sites &&
    wanted.stacks === spare.stacks &&
    wanted.maxSlow === spare.maxSlow &&
    wanted.maxCallsPerSecond === spare.maxCallsPerSecond
  );
}
