/** When to paint: at once for keys, at most ten times a second for data, never while the terminal is behind. */

const DATA_INTERVAL_MS = 100;

export interface PaintTarget {
  /** The terminal has not taken the last frame. */
  readonly busy: boolean;
  paint(): void;
}

export class Scheduler {
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private paintedAtMs = Number.NEGATIVE_INFINITY;
  private waiting = false;
  /** Frames not painted because the terminal was behind. */
  skipped = 0;

  constructor(private readonly target: PaintTarget) {}

  /** A key changed something: paint as soon as the keys that came with it are done. */
  now(): void {
    this.immediate ??= setImmediate(() => this.paint());
  }

  /** Data changed something: paint with whatever else comes within the interval. */
  soon(): void {
    if (this.timer !== undefined || this.immediate !== undefined) return;
    const waitMs = Math.max(0, this.paintedAtMs + DATA_INTERVAL_MS - performance.now());
    this.timer = setTimeout(() => this.paint(), waitMs);
  }

  /** The terminal has taken the last frame. */
  taken(): void {
    if (this.waiting) this.now();
  }

  close(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
  }

  private paint(): void {
    this.close();
    this.timer = undefined;
    this.immediate = undefined;
    this.waiting = this.target.busy;
    if (this.waiting) {
      this.skipped++;
      return;
    }
    this.paintedAtMs = performance.now();
    this.target.paint();
  }
}
