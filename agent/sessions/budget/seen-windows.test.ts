import test from 'ava';
import type { ThreadTimes } from '../ports.js';
import type { Probes } from '../probes/probes.js';
import type { SlotReading } from '../reading.js';
import { type NodePlaces, SeenWindows } from './seen-windows.js';

const NO_NODES = { id: new Uint32Array(), parent: new Uint32Array(), slot: new Uint32Array() };

/** Two slots in processes 1 and 2, entry sites alone. */
function fakeProbes(hits: BigUint64Array): Probes {
  const entry = { site: { role: 'entry', cost: 'emulated' } };
  const slots = [1, 2].map((pid) => ({ mapped: { pid }, program: 'timed', sites: [entry] }));
  const sites = [0, 1].map((site) => ({ site, slot: site, cost: 'emulated', isReturn: false }));
  return { slots, sites, replacedReturns: [], session: { siteHits: () => hits } } as unknown as Probes;
}

test('the calls of a process that has left are not estimated on', (t) => {
  const hits = new BigUint64Array(2);
  const gone = new Set<number>();
  let nowNs = 0;
  const cpuNs = (pid: number): number | null => (gone.has(pid) ? null : nowNs / 2);
  const threadTimes = (pid: number): ThreadTimes | null =>
    gone.has(pid) ? null : new Map([[pid, { cpuNs: nowNs / 2, waitNs: 0 }]]);
  const calibration = { emulatedHitNs: 700, steppedHitNs: 9000, returnPairNs: 9700, replacedReturnNs: 600 };
  const seen = new SeenWindows(fakeProbes(hits), { nowNs: () => nowNs, cpuNs, threadTimes, calibration });
  seen.grow();
  for (let window = 1; window <= 5; window++) {
    nowNs += 10e6;
    hits.fill(BigInt(window * 100));
    seen.close([0, 1]);
    nowNs += 90e6;
    if (window < 5) seen.open([0, 1].map((slot) => ({ slot, entries: true, returns: false, inWindow: true })));
  }
  const estimate = (): bigint[] => {
    const columns = {
      calls: BigUint64Array.of(500n, 500n),
      untracked: new BigUint64Array(2),
      returns: new BigUint64Array(2),
      minNs: new BigUint64Array(2),
      callsError: new BigUint64Array(2),
    };
    seen.estimate({ ...columns, estimated: new Uint32Array(2) } as unknown as SlotReading, NO_NODES);
    return [...columns.calls];
  };
  const [before] = estimate();
  gone.add(1);
  seen.retire([0]);
  nowNs += 1e9;
  const [left, stayed] = estimate();
  t.is(left, before!);
  t.true(stayed! > 1.5 * Number(left!), `${stayed} against ${left}`);
});

test('what was read late is read again', (t) => {
  const hits = new BigUint64Array(2);
  let [nowNs, lateNs, calls] = [0, 0, 0];
  const cpuNs = (): number => {
    nowNs += lateNs; // the agent waits for a processor: the loop goes on, with its probes
    hits[0]! += BigInt(lateNs / 1000);
    lateNs = 0;
    return nowNs;
  };
  const threadTimes = (): ThreadTimes => new Map([1, 2, 3, 4].map((thread) => [thread, { cpuNs: nowNs / 4, waitNs: 0 }]));
  const calibration = { emulatedHitNs: 700, steppedHitNs: 9000, returnPairNs: 9700, replacedReturnNs: 600 };
  const seen = new SeenWindows(fakeProbes(hits), { nowNs: () => nowNs, cpuNs, threadTimes, calibration });
  seen.grow();
  for (let window = 1; window <= 5; window++) {
    nowNs += 10e6;
    hits[0]! += 10_000n;
    lateNs = window === 3 ? 500e6 : 0;
    seen.close([0]);
    nowNs += 90e6;
    calls += 90e6 / 10;
    if (window < 5) seen.open([{ slot: 0, entries: true, returns: false, inWindow: true }]);
  }
  const columns = {
    calls: hits.slice(),
    untracked: new BigUint64Array(2),
    returns: new BigUint64Array(2),
    minNs: new BigUint64Array(2),
    callsError: new BigUint64Array(2),
  };
  seen.estimate({ ...columns, estimated: new Uint32Array(2) } as unknown as SlotReading, NO_NODES);
  const truth = Number(hits[0]!) + calls;
  const most = Number(columns.calls[0]! + columns.callsError[0]!);
  t.true(most >= truth, `at most ${most}, truth ${truth}`);
});

test('what timed calls took bounds a count, unless other probes may have been in them', (t) => {
  const hits = new BigUint64Array(2);
  let nowNs = 0;
  const times = (): ThreadTimes => new Map([[1, { cpuNs: nowNs, waitNs: 0 }]]);
  const calibration = { emulatedHitNs: 700, steppedHitNs: 9000, returnPairNs: 9700, replacedReturnNs: 600 };
  const probes = fakeProbes(hits);
  const seen = new SeenWindows(probes, { nowNs: () => nowNs, cpuNs: () => nowNs, threadTimes: times, calibration });
  seen.grow();
  for (let window = 1; window <= 6; window++) {
    nowNs += 10e6;
    hits.fill(BigInt(window) * 10_000n); // 1 us a call: twice what a hit costs is all of it
    seen.close([0, 1]);
    nowNs += 490e6;
    if (window < 6) seen.open([0, 1].map((slot) => ({ slot, entries: true, returns: false, inWindow: true })));
  }
  const mostOf = (nodes: NodePlaces): number => {
    const [callsError, returns, minNs] = [
      new BigUint64Array(2),
      new BigUint64Array(2).fill(500n),
      new BigUint64Array(2).fill(2400n),
    ];
    const columns = { calls: hits.slice(), untracked: new BigUint64Array(2), callsError, returns, minNs };
    seen.estimate({ ...columns, estimated: new Uint32Array(2) } as unknown as SlotReading, nodes);
    return Number(columns.calls[0]! + callsError[0]!);
  };
  const [alone, caller] = [
    mostOf(NO_NODES),
    mostOf({ id: Uint32Array.of(2, 3), parent: Uint32Array.of(0, 2), slot: Uint32Array.of(0, 1) }),
  ];
  t.true(alone < 20e6 && caller > 2e9, `${alone}, ${caller}`);
  Object.assign(probes.slots[0]!, { program: 'count' });
  t.true(mostOf(NO_NODES) > 2e9);
});
