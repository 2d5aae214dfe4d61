import test from 'ava';
import type { Predicate } from '../../values/compile-filter.js';
import { type CaptureOp, REGISTER } from '../../values/plan.js';
import { bytesOf } from '../encode-capture.js';
import type { CallColumns, SlotCapture } from '../kernel.js';
import { lossesOf, startMeasuring } from './measuring.js';
import { buildTarget, startTarget, type Target } from './targets.js';

const OPTIONS = { ringBytes: 1 << 23, maxCallsPerSecond: 1_000_000, maxSlow: 5 };

let target: Target;
test.before(async () => {
  target = await startTarget(buildTarget('values.go', 'go build'));
});
test.after.always(() => target.kill());

const register = (reg: number, out: number, length = 8): CaptureOp => ({ kind: 'register', reg, out, length });
const counted = (base: number, count: number, out: number): CaptureOp => ({
  kind: 'counted',
  base,
  offset: 0,
  out,
  length: 128,
  count,
  unit: 1,
});

/** pay(user string, amount int64, note string) (receipt string, err error) by Go's ABIInternal. */
const { ax, bx, cx, di, si } = REGISTER;
const PAY_ENTRY = [
  register(ax, 0),
  register(bx, 8),
  register(cx, 16),
  register(di, 24),
  register(si, 32),
  counted(0, 8, 40),
  counted(24, 32, 168),
];
const PAY_RETURN = [register(ax, 0), register(bx, 8), register(cx, 16), counted(0, 8, 24)];
const PAY: SlotCapture = { entry: PAY_ENTRY, return: PAY_RETURN, predicates: [], clauses: [] };

const PREDICATE: Predicate = {
  kind: 'unsigned',
  compare: '==',
  size: 8,
  atReturn: false,
  position: 0,
  lengthPosition: 0,
  needs: [],
  needsBytes: [],
  value: 0n,
  bytes: Buffer.alloc(0),
};
const over1000: Predicate = { ...PREDICATE, kind: 'signed', compare: '>', position: 16, value: 1000n, needs: [2] };
const failed: Predicate = { ...PREDICATE, compare: '!=', atReturn: true, position: 16, needs: [2] };
const userIs = (user: string, compare: '==' | '!=' = '=='): Predicate => ({
  ...PREDICATE,
  kind: 'bytes',
  compare,
  position: 40,
  lengthPosition: 8,
  needs: [0, 1],
  needsBytes: [5],
  bytes: Buffer.from(user),
});

interface Moment {
  failed: bigint;
  word(at: number): bigint;
  text(at: number, lengthAt: number): string;
}

/** Both moments of a call's values, by the layout that CallColumns promises. */
function valuesOf(calls: CallColumns, i: number, entryBytes: number): { entry: Moment; results: Moment } {
  const bytes = calls.captures.subarray(calls.captureAt[i]!);
  const moment = (failed: bigint, from: number): Moment => ({
    failed,
    word: (at) => bytes.readBigUInt64LE(from + at),
    text: (at, lengthAt) =>
      bytes.toString('utf8', from + at, from + at + Math.min(128, Number(bytes.readBigUInt64LE(from + lengthAt)))),
  });
  return { entry: moment(bytes.readBigUInt64LE(0), 16), results: moment(bytes.readBigUInt64LE(8), 16 + entryBytes) };
}

/** Runs an exercise with a capture on one function. */
async function capturing(name: string, exercise: string, capture: SlotCapture, knobs = {}, options = {}) {
  const { session, link } = startMeasuring(target, { names: [name], options: { ...OPTIONS, ...options }, knobs });
  const version = session.setCapture(0, capture);
  const truth = await target.exercise(exercise);
  session.disarm(link);
  return { session, truth, version, calls: session.takeCalls() };
}

test.serial('arguments and results of every call are those that the program used', async (t) => {
  const { session, truth, calls, version } = await capturing('main.pay', 'pay', PAY);
  t.is(calls!.slot.length, truth.calls!);
  const seen = new Map<string, string>();
  for (let i = 0; i < calls!.slot.length; i++) {
    const { entry, results } = valuesOf(calls!, i, bytesOf(PAY_ENTRY));
    t.is(entry.failed | results.failed, 0n);
    seen.set(entry.text(40, 8), `${entry.word(16)} ${entry.text(168, 32)} ${results.text(24, 8)} ${results.word(16) !== 0n}`);
  }
  for (let n = 0; n < 1000; n++) {
    const user = `u_${String(n).padStart(5, '0')}`;
    const odd = (3 * n) % 2 === 1;
    t.is(seen.get(user), `${3 * n} ${'x'.repeat(Math.min(128, n % 200))} ${odd ? '' : `r_${user}`} ${odd}`);
  }
  t.true(calls!.captureVersion.every((each) => each === version));
  t.deepEqual(lossesOf(session), {});
  session.close();
});

test.serial('the slowest calls carry their values too, and without a capture nothing is copied', async (t) => {
  const { session } = await capturing('main.pay', 'pay', PAY, { sampleRate: 1_000_000 });
  const slowest = session.slowCalls();
  t.is(slowest.slot.length, 5);
  for (let i = 0; i < 5; i++) {
    const { entry } = valuesOf(slowest, i, bytesOf(PAY_ENTRY));
    t.is(entry.text(40, 8), `u_${String(entry.word(16) / 3n).padStart(5, '0')}`);
  }
  session.close();
  const plain = startMeasuring(target, { names: ['main.pay'], knobs: { sampleRate: 1 }, options: OPTIONS });
  await target.exercise('pay');
  plain.session.disarm(plain.link);
  t.true(plain.session.takeCalls()!.captureAt.every((at) => at === -1));
  plain.session.close();
});

const one = (...predicates: Predicate[]) => ({ ...PAY, predicates, clauses: [(1 << predicates.length) - 1] });
/** What the program counts: a number, or the least and the most where two clocks tell. */
type Matching = (truth: Record<string, number>) => number | [least: number, most: number];
const FILTERS: [string, SlotCapture, Matching][] = [
  ['a number', one(over1000), (truth) => truth.over1000!],
  ['a number and a result', one(over1000, failed), (truth) => truth.over1000errors!],
  ['a result alone', one(failed), (truth) => truth.errors!],
  ['a text', one(userIs('u_00042')), () => 1],
  ['any other text', one(userIs('u_00042', '!=')), () => 999],
  ['a text that is longer than every value', one(userIs('u_000421')), () => 0],
  [
    'a duration',
    one({ ...PREDICATE, kind: 'duration', compare: '>=', value: 1_000_000n }),
    (truth) => [truth.longWithin!, truth.longAround!],
  ],
  ['one text or another', { ...PAY, predicates: [userIs('u_00042'), userIs('u_00666')], clauses: [1, 2] }, () => 2],
];
for (const [title, capture, matching] of FILTERS) {
  test.serial(`a filter on ${title} shows the calls that the program counts`, async (t) => {
    const { session, truth, calls } = await capturing('main.pay', 'pay', capture);
    const [least, most] = [matching(truth)].flat() as [number, number?];
    const matched = Number(session.matched()[0]);
    t.true(matched >= least && matched <= (most ?? least), `${matched} matched of ${least} to ${most ?? least}`);
    t.is(calls?.slot.length ?? 0, matched);
    t.is(Number(session.readSlots().returns[0]), truth.calls!);
    t.deepEqual(lossesOf(session), {});
    session.close();
  });
}

test.serial('of the calls that match one in N is shown, and only slow ones where that is asked', async (t) => {
  const sampled = await capturing('main.pay', 'pay', one(over1000), { sampleRate: 10 });
  const { over1000: matching = 0 } = sampled.truth;
  t.is(Number(sampled.session.matched()[0]), matching);
  t.true(Math.abs(sampled.calls!.slot.length - matching / 10) <= 4);
  sampled.session.close();
  const slow = await capturing('main.pay', 'pay', one(over1000), { slowerThanNs: 1e6 });
  t.true(slow.calls!.durationNs.every((ns) => ns > 1_000_000n));
  slow.session.close();
});

test.serial('numbers of every size compare with their sign', async (t) => {
  const entry = [register(ax, 0, 1), register(bx, 8, 1), register(cx, 16, 2)];
  const below: Predicate = { ...PREDICATE, kind: 'signed', compare: '<', size: 1, value: -3n };
  const high: Predicate = { ...PREDICATE, compare: '>=', size: 1, position: 8, value: 200n };
  for (const [predicate, name] of [
    [below, 'below'],
    [high, 'high'],
  ] as const) {
    const { session, truth } = await capturing('main.small', 'small', {
      entry,
      return: [],
      predicates: [predicate],
      clauses: [1],
    });
    t.is(Number(session.matched()[0]), truth[name]!);
    session.close();
  }
});

test.serial('memory that is not present fails its operation, is never a value, and meets no filter', async (t) => {
  const entry: CaptureOp[] = [register(ax, 0), { kind: 'memory', base: 0, offset: 0, out: 8, length: 8 }];
  const { session, truth, calls } = await capturing('main.peek', 'peek', { entry, return: [], predicates: [], clauses: [] });
  const shown = Array.from(calls!.slot, (_, i) => valuesOf(calls!, i, 16).entry);
  t.is(shown.filter(({ failed, word }) => failed === 0n && BigInt.asIntN(64, word(8)) === -5n).length, truth.readable!);
  t.is(shown.filter(({ failed, word }) => failed === 0n && word(0) === 0n && word(8) === 0n).length, truth.null!);
  t.is(shown.filter(({ failed }) => failed === 2n).length, truth.absent!);
  session.close();
  const notMinusFive: Predicate = { ...PREDICATE, kind: 'signed', compare: '!=', position: 8, value: -5n, needs: [1] };
  const filtered = await capturing('main.peek', 'peek', { entry, return: [], predicates: [notMinusFive], clauses: [1] });
  t.is(Number(filtered.session.matched()[0]), truth.null!);
  filtered.session.close();
});

test.serial('calls for whose values there is no room, or whose capture has changed, are shown without and counted', async (t) => {
  const entry = [register(ax, 0), register(bx, 8), counted(0, 8, 16)];
  const capture = { entry, return: [], predicates: [], clauses: [] };
  const holder = await startTarget(target.path);
  t.teardown(() => holder.kill());
  const { session, link } = startMeasuring(holder, { names: ['main.hold'], options: { ...OPTIONS, captures: 32 } });
  session.setCapture(0, capture);
  const truth = await holder.exercise('hold');
  const kept = truth.hold! - lossesOf(session).capture_full!;
  t.true(kept > 0 && kept <= 32);
  session.setCapture(0, { ...capture, entry: [register(ax, 0)] });
  await holder.exercise('letGo');
  session.disarm(link);
  const calls = session.takeCalls()!;
  t.is(calls.slot.length, truth.hold!);
  t.true(calls.captureAt.every((at) => at === -1));
  t.is(lossesOf(session).capture_changed, kept);
  session.close();
});
