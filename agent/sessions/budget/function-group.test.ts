import test from 'ava';
import { fullMode } from '../../budget/governor.js';
import { FunctionGroup } from './function-group.js';
import type { SlotCosts } from './slot-costs.js';

const MS = 1e6;
const HIT_NS = 500;
const WINDOWED = { ...fullMode(0.01), mode: 'entries_windowed' as const, duty: 0.02 };

/** Of one slot, whose entries alone are hit. */
const after = (hits: number): SlotCosts => ({
  entryHits: Float64Array.of(hits),
  returnHits: new Float64Array(1),
  entryCostNs: Float64Array.of(hits * HIT_NS),
  returnCostNs: new Float64Array(1),
});

/** A function that had a window of 10 ms: 20,000 hits by its end, and so many more until its probes were off, 90 ms later. */
function closedLate(hitsMeanwhile: number): FunctionGroup {
  const group = new FunctionGroup([0], new Set(['f']), 0, after(0));
  group.switching(0, after(0));
  group.beginWindows(after(0));
  group.turn(true);
  group.switched(WINDOWED, 0, after(0), 0.5);
  group.charge(10 * MS, after(20_000), WINDOWED);
  group.switching(10 * MS, after(20_000));
  group.turn(false);
  group.charge(100 * MS, after(20_000 + hitsMeanwhile), WINDOWED);
  group.switched(WINDOWED, 100 * MS, after(20_000 + hitsMeanwhile), 0.5);
  return group;
}

test('the time in which probes are being taken off is none in which they were on', (t) => {
  const load = closedLate(300).load(1000 * MS, after(20_300));
  t.like(load, { entryHits: 20_000, entryArmedNs: 10 * MS, entryHitNs: HIT_NS });
});

test('what a window cost is paid whole, also what it cost too late, and more than what is forgiven', (t) => {
  const closedFor = (hitsMeanwhile: number): number => (closedLate(hitsMeanwhile).dueNs - 100 * MS) / 1e9;
  t.is(closedFor(0), (20_000 * HIT_NS) / 0.008 / 1e9);
  t.is(closedFor(100_000), (120_000 * HIT_NS) / 0.008 / 1e9);
});
