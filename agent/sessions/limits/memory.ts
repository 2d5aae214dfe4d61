/** Sizes of a session's kernel maps, decided before they are made. Pure. */

import type { KernelOptions } from '../../kernel/kernel.js';

/** Rows that a running session can grow by (`UpdateSession.add_functions`). */
const SLOT_HEADROOM = 32;
const SITE_HEADROOM = 512;
/** Processes that may join a standing session, as multiples of those that it begins with. */
const REPLICAS = 8;
const MAX_REPLICA_SLOTS = 1024;
/** Goroutines or threads that may have open calls at one time. */
const STACKS = 16_384;
const NODES = 16_384;
const RING_BYTES = 1024 * 1024;

const HISTOGRAM_BYTES = 1152 * 8;
const SLOT_BYTES = HISTOGRAM_BYTES + 4 * 64 + 64; // statistics in four stripes, knobs
const STACK_BYTES = 850; // a place of 16 frames, with what is captured at their entries
const NODE_BYTES = 96;
const SITE_BYTES = 8;

/** What a session begins with. */
export interface Needs {
  slots: number;
  sites: number;
  /** Processes of the service that start later join. */
  standing: boolean;
}

/** Map sizes for a plan, with room to grow. */
export function sizeMaps(needs: Needs, maxSlow: number): KernelOptions {
  const share = needs.standing ? Math.min(REPLICAS, MAX_REPLICA_SLOTS / Math.max(needs.slots, 1)) : 0;
  return {
    slots: Math.ceil(needs.slots * (1 + share)) + SLOT_HEADROOM,
    sites: Math.ceil(needs.sites * (1 + share)) + SITE_HEADROOM,
    stacks: STACKS,
    nodes: NODES,
    ringBytes: RING_BYTES,
    maxSlow,
  };
}

/** Kernel memory that maps of these sizes will take, bytes: an estimate to admit by; what they took is measured after. */
export function estimateMemoryBytes(options: KernelOptions): number {
  return (
    options.slots * SLOT_BYTES +
    options.sites * SITE_BYTES +
    options.stacks * STACK_BYTES +
    options.nodes * NODE_BYTES +
    options.ringBytes
  );
}
