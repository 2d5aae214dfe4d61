/** The agent's limit of single calls a second, over all its sessions. Pure but for its own count. */

const NS_PER_SECOND = 1_000_000_000n;

/** Counts in windows of one second. */
export class EventBudget {
  #windowNs = 0n;
  #used = 0;

  constructor(private readonly perSecond: number) {}

  /** How many of `asked` calls may be shown now. */
  take(asked: number, nowNs: bigint): number {
    const windowNs = nowNs / NS_PER_SECOND;
    if (windowNs !== this.#windowNs) this.#used = 0;
    this.#windowNs = windowNs;
    const granted = Math.min(asked, this.perSecond - this.#used);
    this.#used += granted;
    return granted;
  }
}
