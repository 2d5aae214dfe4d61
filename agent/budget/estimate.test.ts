import test from 'ava';
import { estimateCalls } from './estimate.js';
import type { Stretch, Unseen } from './expected-calls.js';

const HIT_NS = 700;
const none: Unseen = { ns: 0, cpuNs: 0, waitNs: 0 };

/** A stretch in which `calls` hits cost what they do, in a process that does nothing else. */
const stretch = (calls: number, ns: number, more: Partial<Stretch> = {}): Stretch => {
  const costNs = calls * HIT_NS;
  return { kind: 'counted', calls, ns, costNs, cpuNs: costNs, waitNs: 0, after: none, ...more };
};

const holds = ({ calls, error }: { calls: number; error: number }, truth: number): boolean =>
  Math.abs(calls - truth) <= error + 1;

test('what was seen all the time is a count', (t) => {
  t.deepEqual(estimateCalls(10, [stretch(10, 1e9)]), { calls: 10, error: 0, seen: 10 });
});

test('equal windows of a program that is called from outside give their rate, and its probes little doubt', (t) => {
  const windows = Array.from({ length: 10 }, () => stretch(100, 10e6, { after: { ns: 90e6, cpuNs: 1, waitNs: 0 } }));
  const estimate = estimateCalls(1000, windows);
  t.is(estimate.calls, 10_000);
  t.true(estimate.error < 120, `${estimate.error}`);
});

test('a program that calls as fast as it can lies between its rate in the windows and what a processor can do', (t) => {
  for (const callNs of [2, 60, 500, 1000, 10_000]) {
    const after = { ns: 496e6, cpuNs: 496e6, waitNs: 0 };
    const windows = Array.from({ length: 5 }, () => {
      const calls = Math.floor(4e6 / (callNs + HIT_NS));
      return stretch(calls, 4e6, { cpuNs: 4e6, after });
    });
    const estimate = estimateCalls(5 * windows[0]!.calls, windows);
    const truth = estimate.seen + (5 * 496e6) / callNs;
    t.true(holds(estimate, truth), `${estimate.calls} ± ${estimate.error}, truth ${truth}`);
    t.true(callNs < 10_000 || estimate.error < 0.1 * estimate.calls, `${estimate.calls} ± ${estimate.error}`);
  }
});

test('a function that had its probes back and is called as fast as can be then is not told by the windows of before', (t) => {
  const quiet = { ns: 1.2e9, cpuNs: 20e6, waitNs: 0 };
  const before = [
    stretch(100_000, 0.1e9, { kind: 'probed', after: quiet }),
    ...Array.from({ length: 6 }, (_, i) => stretch(i === 2 ? 40 : 0, 20e6, { cpuNs: 1e6, after: quiet })),
  ];
  const hot = stretch(60_000, 8e9, { kind: 'probed', cpuNs: 50e6, after: { ns: 4e9, cpuNs: 4e9, waitNs: 0 } });
  const estimate = estimateCalls(160_040, [...before, hot]);
  t.true(holds(estimate, 160_040 + 4e9 / 3), `${estimate.calls} ± ${estimate.error}`);
  const calm = stretch(60_000, 8e9, { kind: 'probed' });
  t.is(estimateCalls(160_040, [...before, calm]).error, estimateCalls(160_040, before).error);
});

test('a burst that windows missed, because it closed them, is in the interval', (t) => {
  const quiet = { ns: 3e9, cpuNs: 20e6, waitNs: 0 };
  const burst = { ns: 1.5e9, cpuNs: 0.8e9, waitNs: 0 };
  const end = { calls: 280, ns: 0.2e9, costNs: 50e6 };
  const whole = stretch(280, 10e9, { kind: 'probed', cpuNs: 5e9, costNs: 60e6, end, after: burst });
  const windows = Array.from({ length: 3 }, () => stretch(0, 20e6, { cpuNs: 1e6, after: quiet }));
  const estimate = estimateCalls(280, [whole, ...windows]);
  t.true(holds(estimate, 280 + 2246), `${estimate.calls} ± ${estimate.error}`);
  t.true(estimate.error < 4000, `${estimate.error}`);
});

test('few windows with calls say nothing of a time in which the process used processors for something else', (t) => {
  const quiet = { ns: 3e9, cpuNs: 60e6, waitNs: 0 };
  const paced = stretch(400, 50e6, { cpuNs: 2e6, after: { ns: 3e9, cpuNs: 3e9, waitNs: 0 } });
  const windows = Array.from({ length: 3 }, () => stretch(0, 20e6, { cpuNs: 0.4e6, after: quiet }));
  const estimate = estimateCalls(400, [...windows, paced, ...windows]);
  t.true(holds(estimate, 400 + 3e9 / 5), `${estimate.calls} ± ${estimate.error}`);
});

test('a function of microseconds beside hot ones is not estimated as if it took a nanosecond', (t) => {
  // Its neighbours' probes take the windows: what is left for its own calls is not known.
  const after = { ns: 496e6, cpuNs: 496e6, waitNs: 0 };
  const windows = Array.from({ length: 10 }, () => stretch(500, 4e6, { cpuNs: 4e6, costNs: 3.9e6, after }));
  const truth = 5000 + (10 * 496e6) / 2000;
  const estimate = estimateCalls(5000, windows, { shortestNs: 1500, leastNs: 1, entryHitNs: HIT_NS, threads: [] });
  t.true(holds(estimate, truth), `${estimate.calls} ± ${estimate.error}`);
  t.true(estimate.calls < 2 * truth && estimate.calls > truth / 3, `${estimate.calls}, truth ${truth}`);
});

test('a thousand functions called in turn are not each estimated at what a processor could call of one', (t) => {
  // 65 ns a call; their probes take all of the windows.
  const after = { ns: 500e6, cpuNs: 500e6, waitNs: 0 };
  const windows = Array.from({ length: 10 }, () => stretch(20, 15e6, { cpuNs: 15e6, costNs: 15e6, after }));
  const estimate = estimateCalls(200, windows, { leastNs: 1, entryHitNs: 750, threads: [] });
  const truth = 200 + 5e9 / 65_000;
  t.true(holds(estimate, truth), `${estimate.calls} ± ${estimate.error}`);
  t.true(estimate.calls < 5 * truth && estimate.calls > truth / 5, `${estimate.calls}, truth ${truth}`);
});

test('windows without calls that the probes of other functions fill say nothing, and no figure of it', (t) => {
  const after = { ns: 496e6, cpuNs: 300e6, waitNs: 0 };
  const windows = Array.from({ length: 10 }, (_, i) => stretch(i < 8 ? 500 : 0, 4e6, { cpuNs: 4e6, costNs: 4e6, after }));
  const { calls, error } = estimateCalls(4000, windows);
  t.true(Number.isFinite(calls) && Number.isFinite(error), `${calls} ± ${error}`);
});

test('a program that sleeps after each turn, and that its probes and others delay for most of the windows, is in the interval', (t) => {
  // As measured: a turn of 1,000 functions each 6 ms, of which their probes make 40, with ten other programs on two processors.
  const after = { ns: 1211e6, cpuNs: 12e6, waitNs: 300e6 };
  const window = (calls: number, waitNs: number): Stretch =>
    stretch(calls, 105e6, { cpuNs: 22.5e6, costNs: 17.9e6, waitNs, after });
  const some = [window(2, 30e6), window(3, 25e6), window(2, 40e6), window(3, 20e6), window(2, 35e6), window(3, 30e6)];
  for (const windows of [some, [...some, window(0, 70e6), ...some], [...some, window(0, 105e6), ...some]]) {
    const seen = windows.reduce((sum, { calls }) => sum + calls, 0);
    const truth = seen + (windows.length * after.ns) / 6.1e6;
    const estimate = estimateCalls(seen, windows);
    t.true(holds(estimate, truth), `${windows.length}: ${estimate.calls} ± ${estimate.error}, truth ${truth}`);
  }
});

/** Go, 2.2 us a call, 2.8 million of them: its returns are stepped, and when the program is done a last window has no calls. */
const IDLE_LAST: Stretch[] = [
  {
    kind: 'probed',
    calls: 1730,
    ns: 121e6,
    costNs: 19.2e6,
    cpuNs: 30.3e6,
    waitNs: 75e6,
    after: { ns: 1607e6, cpuNs: 1609e6, waitNs: 786e6 },
  },
  {
    kind: 'counted',
    calls: 7128,
    ns: 20.8e6,
    costNs: 4.8e6,
    cpuNs: 19.8e6,
    waitNs: 5e6,
    after: { ns: 935e6, cpuNs: 912e6, waitNs: 503e6 },
  },
  {
    kind: 'counted',
    calls: 2173,
    ns: 15.8e6,
    costNs: 1.5e6,
    cpuNs: 5.8e6,
    waitNs: 26e6,
    after: { ns: 968e6, cpuNs: 951e6, waitNs: 446e6 },
  },
  {
    kind: 'counted',
    calls: 8860,
    ns: 26.9e6,
    costNs: 6e6,
    cpuNs: 27.2e6,
    waitNs: 7e6,
    after: { ns: 1250e6, cpuNs: 1205e6, waitNs: 682e6 },
  },
  {
    kind: 'timed',
    calls: 1185,
    ns: 19.1e6,
    costNs: 13.1e6,
    cpuNs: 19.1e6,
    waitNs: 7e6,
    after: { ns: 1124e6, cpuNs: 1043e6, waitNs: 507e6 },
  },
  { kind: 'counted', calls: 0, ns: 21.9e6, costNs: 0, cpuNs: 0, waitNs: 0, after: { ns: 263e6, cpuNs: 0, waitNs: 0 } },
];

test('a stretch in which the probes cost more than half of the time says nothing where others tell', (t) => {
  const estimate = estimateCalls(21_397, IDLE_LAST);
  t.true(holds(estimate, 2_807_563), `${estimate.calls} ± ${estimate.error}`);
  t.true(estimate.calls > 2_807_563 / 2 && estimate.calls < 2_807_563 * 2, `${estimate.calls}`);
  t.true(estimate.error < 2 * estimate.calls, `± ${estimate.error}`);
});

test('a loop on one of many busy threads is not told by what the others use of processors', (t) => {
  // It calls every 5 ns, and every 715 ns in windows; two threads beside it do something else.
  const after = { ns: 490e6, cpuNs: 1470e6, waitNs: 0 };
  const calls = Math.floor(10e6 / 715);
  const windows = Array.from({ length: 6 }, () => stretch(calls, 10e6, { cpuNs: 30e6, after }));
  const share = { probed: 0, timed: 0, counted: 60e6, after: 6 * 490e6 };
  const known = { leastNs: 1, entryHitNs: HIT_NS, threads: [share, share, share] };
  const estimate = estimateCalls(6 * calls, windows, known);
  const truth = estimate.seen + (6 * 490e6) / 5;
  t.true(holds(estimate, truth), `${estimate.calls} ± ${estimate.error}, truth ${truth}`);
  const alone = estimateCalls(6 * calls, windows, { ...known, threads: [{ ...share, counted: 0.5 * 60e6 }] });
  t.true(alone.error < 2 * alone.calls, `${alone.calls} ± ${alone.error}`); // it is too little for the cost of the calls' probes
});

test('a driven program that others keep from the processors is not taken for a paced one', (t) => {
  // It has a fifth of a processor: in windows and between them it waits for the rest.
  const callNs = 5;
  const after = { ns: 496e6, cpuNs: 99e6, waitNs: 397e6 };
  const calls = Math.floor(0.8e6 / (callNs + HIT_NS));
  const windows = Array.from({ length: 5 }, () => stretch(calls, 4e6, { cpuNs: 0.8e6, waitNs: 0, after }));
  const estimate = estimateCalls(5 * calls, windows);
  t.true(holds(estimate, estimate.seen + (5 * 99e6) / callNs), `${estimate.calls} ± ${estimate.error}`);
});

test('a function that became hot is told by the windows beside the gaps, not by the quiet time before', (t) => {
  const after = { ns: 480e6, cpuNs: 1e6, waitNs: 0 };
  const windows = Array.from({ length: 8 }, () => stretch(2000, 20e6, { cpuNs: 1.5e6, after }));
  const quiet = stretch(100, 60e9, { kind: 'probed', after });
  const { calls, error } = estimateCalls(16_100, [quiet, ...windows]);
  const truth = 16_100 + 9 * 48_000;
  t.true(Math.abs(calls - truth) <= error + 1 && error < 0.15 * calls, `${calls} ± ${error}, truth ${truth}`);
});

test('where returns were probed only in some windows, the others tell', (t) => {
  const after = { ns: 490e6, cpuNs: 490e6, waitNs: 0 };
  const untimed = stretch(2000, 10e6, { cpuNs: 10e6, after });
  const timed = stretch(900, 10e6, { kind: 'timed', cpuNs: 10e6, costNs: 9.6e6, after });
  const { calls, error } = estimateCalls(9600, [timed, untimed, untimed, timed, untimed, untimed]);
  t.true(Math.abs(calls - 9600 - 6 * 98_000 * 1.1) < 60_000, `${calls} ± ${error}`);
});

test('one stretch at a burst says no more than that there may be many calls, or none any more', (t) => {
  const after = { ns: 1e9, cpuNs: 100e6, waitNs: 0 };
  const { calls, error } = estimateCalls(20_000, [stretch(20_000, 20e6, { kind: 'probed', cpuNs: 20e6, after })]);
  t.true(calls - error <= 20_000);
  t.true(calls + error >= 20_000 + 100e6 / 50);
});

test('a function that is not called any more is estimated at what was seen', (t) => {
  const after = { ns: 480e6, cpuNs: 480e6, waitNs: 0 };
  const idle = Array.from({ length: 20 }, () => stretch(0, 20e6, { cpuNs: 20e6, after }));
  const { calls, error } = estimateCalls(5000, [stretch(5000, 50e6, { kind: 'probed', cpuNs: 50e6, after }), ...idle]);
  t.is(calls, 5000);
  t.true(error > 0);
});

test('the interval holds the truth in 95 of 100 sessions of programs that call in bursts of any kind', (t) => {
  const random = randomNumbers(7);
  let [held, runs] = [0, 0];
  for (const shape of SHAPES) {
    for (let run = 0; run < 6; run++) {
      const { stretches, seen, truth } = simulate(shape, random);
      if (holds(estimateCalls(seen, stretches), truth)) held++;
      runs++;
    }
  }
  t.true(held >= 0.95 * runs, `${held} of ${runs}`);
});

/** A program that makes calls for `busy` of each period: at most so fast, and as fast as it can where the probes do not let it. */
interface Shape {
  periodNs: number;
  busy: number;
  callNs: number;
  paced: boolean;
}

const SHAPES: Shape[] = [20e6, 300e6, 1e9].flatMap((periodNs) =>
  [0.1, 0.5, 1].flatMap((busy) =>
    [100, 3000, 20_000].flatMap((callNs) => [true, false].map((paced) => ({ periodNs, busy, callNs, paced }))),
  ),
);

/** Ten seconds, with windows of 4 ms about twice a second after the first 20 ms; in steps of a fifth of a millisecond. */
function simulate({ periodNs, busy, callNs, paced }: Shape, random: () => number) {
  const stepNs = 2e5;
  const phase = random() * busy * periodNs; // the session begins in a burst: else nothing would be windowed
  const stretches: Stretch[] = [];
  let [truth, seen, open, switchNs] = [0, 0, true, 20e6];
  let now: Stretch = { kind: 'probed', calls: 0, ns: 0, costNs: 0, cpuNs: 0, waitNs: 0, after: { ...none } };
  for (let atNs = 0; atNs < 10e9; atNs += stepNs) {
    if (atNs >= switchNs) {
      open = !open;
      switchNs = atNs + (open ? 4e6 : 500e6 * (0.5 + random()));
      if (!open) stretches.push(now);
      else now = { kind: 'counted', calls: 0, ns: 0, costNs: 0, cpuNs: 0, waitNs: 0, after: { ...none } };
    }
    const isBusy = (atNs + phase) % periodNs < busy * periodNs;
    const wanted = isBusy ? stepNs / callNs : 0;
    const possible = paced ? Math.min(wanted, stepNs / (HIT_NS + 40)) : Math.min(wanted, stepNs / (callNs + HIT_NS));
    const calls = open ? possible : wanted;
    truth += calls;
    const ownNs = paced ? 40 * calls : isBusy ? calls * callNs : 0;
    if (open) {
      seen += calls;
      now.calls += calls;
      now.ns += stepNs;
      now.costNs += calls * HIT_NS;
      now.cpuNs += ownNs + calls * HIT_NS;
    } else {
      now.after.ns += stepNs;
      now.after.cpuNs += ownNs;
    }
  }
  if (open) stretches.push(now);
  return { stretches, seen, truth };
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
