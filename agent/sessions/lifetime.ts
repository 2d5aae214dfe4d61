/** When a session began, what its clock says in wall time, and when it ends by itself. */

import type { Timestamp } from '../../proto/gen/google/protobuf/timestamp.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { measureWallOffsetNs } from './clock.js';

/** Times are of the boot-time clock, which goes on while the host sleeps. */
export class Lifetime {
  readonly startedBootNs: bigint;
  readonly wallOffsetNs: bigint;
  #expiresBootNs: bigint;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly bootNs: () => bigint,
    durationMs: number,
    private readonly expired: () => void,
  ) {
    this.wallOffsetNs = measureWallOffsetNs(bootNs);
    this.startedBootNs = bootNs();
    this.#expiresBootNs = this.startedBootNs + msToNs(durationMs);
  }

  get startedAt(): Timestamp {
    return this.wallTime(this.startedBootNs);
  }

  get expiresAt(): Timestamp {
    return this.wallTime(this.#expiresBootNs);
  }

  /** Now, in wall time. */
  get now(): Timestamp {
    return this.wallTime(this.bootNs());
  }

  wallTime(bootNs: bigint): Timestamp {
    return nsToTimestamp(bootNs + this.wallOffsetNs);
  }

  /** Starts to wait for the end. A timer that fires early is set again. */
  wait(): void {
    this.stop();
    const leftMs = Number(this.#expiresBootNs - this.bootNs()) / 1e6;
    if (leftMs <= 0) this.expired();
    else this.#timer = setTimeout(() => this.wait(), Math.ceil(leftMs));
  }

  /** Moves the end, at most `longestMs` from the start. */
  extend(expiresUnixNs: bigint, longestMs: number): void {
    const latest = this.startedBootNs + msToNs(longestMs);
    this.#expiresBootNs = expiresUnixNs - this.wallOffsetNs;
    if (this.#expiresBootNs > latest) this.#expiresBootNs = latest;
    this.wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

const msToNs = (ms: number): bigint => BigInt(Math.round(ms * 1e6));
