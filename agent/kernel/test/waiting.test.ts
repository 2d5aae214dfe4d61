import test from 'ava';
import { waitReasons } from '../../waiting/wait-reasons.js';
import type { ArmedSite, KernelSession } from '../kernel.js';
import { WAIT_NONE, WAIT_SYSCALL } from '../limits.js';
import { GOID_OFFSET, startMeasuring } from './measuring.js';
import { findSites } from './sites.js';
import { buildTarget, startTarget, type Target } from './targets.js';
import { withoutFault } from './without-fault.js';

const GO = 'go1.26';
/** The slot of the waiting sites; behind those of the functions. */
const WAIT_SLOT = 7;
const SYSCALL = 'syscall';

let target: Target;
test.before(async () => {
  target = await startTarget(buildTarget('waits.go', 'go build'));
});
test.after.always(() => target.kill());

/** Where goroutines begin and end to wait, by entries alone. */
function waitSites(): ArmedSite[] {
  const names = ['runtime.gopark', 'runtime.execute', 'runtime.reentersyscall', 'runtime.exitsyscall'];
  const [park, execute, enter, exit] = findSites(target.path, names).map(({ entry }) => entry);
  const at = (site: number, offset: number, role: ArmedSite['role'], owner: ArmedSite['owner']): ArmedSite => ({
    slot: WAIT_SLOT,
    site,
    offset,
    role,
    owner,
    jbe: false,
  });
  return [
    at(60, park!, 'park', 'g_r14'),
    at(61, execute!, 'resume', 'g_ax'),
    at(62, enter!, 'syscall', 'g_r14'),
    at(63, exit!, 'resume', 'g_r14'),
  ];
}

/** The same by the returns of gopark, which cost a step each. */
function parkAndReturns(): ArmedSite[] {
  const [park] = findSites(target.path, ['runtime.gopark']);
  const site = { slot: WAIT_SLOT, owner: 'g_r14', jbe: false } as const;
  const returns = park!.returns.map((offset, i) => ({ ...site, site: 61 + i, offset, role: 'resume' as const }));
  return [{ ...site, site: 60, offset: park!.entry, role: 'park' }, ...returns];
}

function watch(names: readonly string[], sites = waitSites()) {
  const { session, link } = startMeasuring(target, { names });
  session.setKnobs(WAIT_SLOT, { goidOffset: GOID_OFFSET, sampleRate: 0, slowerThanNs: 0 });
  const parks = session.arm(target.pid, target.path, 'park', sites);
  return { session, stop: () => session.disarm(link, parks.link) };
}

/** Waiting of a slot by reason: how often and how long. */
function waitsOf(session: KernelSession, slot: number): Record<string, { count: number; ns: number }> {
  const waits = session.readWaiting();
  const result: Record<string, { count: number; ns: number }> = {};
  waits.slot.forEach((each, i) => {
    if (each !== slot) return;
    const number = waits.reason[i]!;
    const reason = number === WAIT_SYSCALL ? SYSCALL : waitReasons(GO)[number]!;
    const sum = result[reason] ?? { count: 0, ns: 0 };
    result[reason] = { count: sum.count + Number(waits.count[i]), ns: sum.ns + Number(waits.totalNs[i]) };
  });
  return result;
}

/** Within 2 % of the truth, and a probe's cost for each wait. */
function isClose(measuredNs: number, truthNs: number, waits: number): boolean {
  return Math.abs(measuredNs - truthNs) <= truthNs * 0.02 + waits * 50_000;
}

const notClose = (what: string, measuredNs: number, truthNs: number, waits: number): string[] =>
  isClose(measuredNs, truthNs, waits) ? [] : [`${what}: ${measuredNs} of ${truthNs} ns`];

for (const [how, sites] of [
  ['execute', waitSites],
  ['the returns of gopark', parkAndReturns],
] as const) {
  test.serial(`sleeping is charged to each open call of its goroutine, by ${how}`, (t) =>
    withoutFault(t, async () => {
      const { session, stop } = watch(['main.outer', 'main.sleeper'], sites());
      const truth = await target.exercise('sleep');
      stop();
      const faults = [0, 1].flatMap((slot) => {
        const { sleep, ...others } = waitsOf(session, slot);
        t.is(sleep!.count, 2 * truth.calls!);
        t.true(sleep!.ns >= truth.leastNs!);
        t.true(sleep!.ns <= truth.waitedNs!);
        const wrong = Object.entries(others).filter(([, { ns }]) => ns >= truth.waitedNs! * 0.02);
        return [...notClose('sleep', sleep!.ns, truth.waitedNs!, 40), ...wrong.map(([reason]) => reason)];
      });
      t.true(Number(session.readSlots().sumNs[1]) >= waitsOf(session, 1).sleep!.ns);
      session.close();
      return faults;
    }),
  );
}

test.serial('on-CPU time and waiting add up to the total', (t) =>
  withoutFault(t, async () => {
    const { session, stop } = watch(['main.sleeper']);
    const truth = await target.exercise('sleep');
    stop();
    const totalNs = Number(session.readSlots().sumNs[0]);
    const waitingNs = Object.values(waitsOf(session, 0)).reduce((sum, { ns }) => sum + ns, 0);
    session.close();
    return [
      ...notClose('total', totalNs, truth.wholeNs!, 40),
      ...notClose('waiting', waitingNs, truth.waitedNs!, 40),
      ...notClose('the rest', totalNs - waitingNs, truth.wholeNs! - truth.waitedNs!, 80),
    ];
  }),
);

test.serial('a slot that is open several times is charged for each call, and so are the nodes of the tree', (t) =>
  withoutFault(t, async () => {
    const { session, stop } = watch(['main.nested']);
    const truth = await target.exercise('nested');
    stop();
    const { sleep } = waitsOf(session, 0);
    t.is(sleep!.count, 20 * truth.calls!);
    const nodes = session.readNodes();
    t.is(nodes.id.length, 20);
    session.close();
    return [
      ...notClose('sleep', sleep!.ns, 20 * truth.waitedNs!, 200),
      ...[...nodes.waitingNs].flatMap((ns, i) => notClose(`node ${i}`, Number(ns), truth.waitedNs!, 10)),
    ];
  }),
);

const REASONS: [string, string, string][] = [
  ['main.receiver', 'channel', 'channel'],
  ['main.locker', 'mutex', 'mutex'],
  ['main.reader', 'syscall', SYSCALL],
];
for (const [name, exercise, reason] of REASONS) {
  test.serial(`waiting of the exercise "${exercise}" is the program's own, under its reason`, (t) =>
    withoutFault(t, async () => {
      const { session, stop } = watch([name]);
      const truth = await target.exercise(exercise);
      stop();
      const waits = waitsOf(session, 0);
      session.close();
      return notClose(reason, waits[reason]!.ns, truth.waitedNs!, truth.calls!);
    }),
  );
}

test.serial('calls that a panic has left are charged nothing', async (t) => {
  const { session, stop } = watch(['main.leave']);
  await target.exercise('panics');
  stop();
  t.deepEqual(waitsOf(session, 0), {});
  session.close();
});

test.serial('open calls say why they wait and since when', async (t) => {
  const { session, stop } = watch(['main.stuck']);
  const truth = await target.exercise('stuck');
  const frames = session.readFrames();
  t.is(frames.slot.length, truth.stuck!);
  t.true(frames.waitReason.every((reason) => waitReasons(GO)[reason] === 'channel'));
  t.true(frames.waitingSinceNs.every((since, i) => since > frames.startNs[i]! && since - frames.startNs[i]! < 1_000_000_000n));
  t.deepEqual(waitsOf(session, 0), {});
  await target.exercise('release');
  stop();
  t.is(waitsOf(session, 0).channel!.count, truth.stuck!);
  session.close();
  const unwatched = startMeasuring(target, { names: ['main.stuck'] });
  await target.exercise('stuck');
  t.true(unwatched.session.readFrames().waitReason.every((reason) => reason === WAIT_NONE));
  await target.exercise('release');
  unwatched.session.close();
});
