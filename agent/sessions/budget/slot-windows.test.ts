import test from 'ava';
import { type SlotTotals, SlotWindows } from './slot-windows.js';
import { addShares } from './thread-shares.js';

const HIT_NS = 700;
const KNOWN = { leastNs: 1, entryHitNs: HIT_NS };

/** A loop on one thread that calls every 3 ns, and every 715 ns in windows; the clocks of a session move with it. */
class SaturatedLoop {
  #ns = 0;
  #seen = 0;
  truth = 0;

  /** Its totals; `lateNs`: its processor times were read so much later than the rest. */
  totals(lateNs = 0): SlotTotals {
    const cpuNs = this.#ns + lateNs;
    return { ns: this.#ns, calls: this.#seen, costNs: this.#seen * HIT_NS, cpuNs, threads: new Map([[1, { cpuNs, waitNs: 0 }]]) };
  }

  goOn(ns: number, callNs: number): void {
    this.#ns += ns;
    this.truth += Math.floor(ns / callNs);
    if (callNs > HIT_NS) this.#seen += Math.floor(ns / callNs);
  }
}

for (const [what, lateNs] of [
  ['as they are', 0],
  ['late at the end of a window', 150e6],
] as const)
  test(`a loop that calls as fast as it can is not taken for a paced one by processor times that were read ${what}`, (t) => {
    const loop = new SaturatedLoop();
    const windows = new SlotWindows(loop.totals(), addShares);
    for (let window = 0; window < 5; window++) {
      loop.goOn(20e6, 715);
      windows.close(loop.totals(window === 2 ? lateNs : 0));
      loop.goOn(1.2e9, 3);
      if (window < 4) windows.open('counted', loop.totals());
    }
    const { calls, error } = windows.estimate(loop.totals(), KNOWN)!;
    t.true(calls + error >= loop.truth, `${calls} ± ${error}, truth ${loop.truth}`);
  });

test('the calls of threads that have ended by the end of the gap are in the interval', (t) => {
  // One thread after the other calls without a pause; each ends in a gap.
  const at = (ns: number, seen: number, cpuNs: number): SlotTotals => ({
    ns,
    calls: seen,
    costNs: seen * HIT_NS,
    cpuNs,
    threads: new Map([[1, { cpuNs: 0, waitNs: 0 }]]),
  });
  const windows = new SlotWindows(at(0, 0, 0), addShares);
  let [ns, seen, cpuNs, truth] = [0, 0, 0, 0];
  for (let window = 0; window < 6; window++) {
    seen += 2000;
    ns += 5e6;
    cpuNs += 2000 * 2500;
    windows.close(at(ns, seen, cpuNs));
    ns += 1e9;
    cpuNs += 1e9;
    truth += 1e9 / 1800;
    if (window < 5) windows.open('counted', at(ns, seen, cpuNs));
  }
  const { calls, error } = windows.estimate(at(ns, seen, cpuNs), KNOWN)!;
  t.true(calls - error <= seen + truth && calls + error >= seen + truth, `${calls} ± ${error}, truth ${seen + truth}`);
});
