import test from 'ava';
import type { WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { FunctionPlan, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { packCalls } from '../../snapshots/columns/calls.js';
import { packFunctions, unpackFunctions } from '../../snapshots/columns/functions.js';
import { emptyHistogram } from '../../snapshots/histogram/arithmetic.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { Session } from './session.js';
import { WATCHER_SLOW, Watcher } from './watcher.js';

const PLAN = FunctionPlan.fromPartial({ name: 'main.pay', pid: 1 });

function armedSession(): Session {
  const session = new Session(SessionInfo.fromPartial({ sessionId: 'dbg-1' }), false);
  const startedAt = nsToTimestamp(1_795_420_800_000_000_000n);
  const armed = {
    sessionId: 'dbg-1',
    slots: [PLAN],
    refused: [],
    startedAt,
    expiresAt: startedAt,
    buildIds: [],
    estimatedHitCostNs: 0,
  };
  session.armed('host-a', armed);
  return session;
}

function tick(session: Session, seq: number, calls: number): void {
  const [none, one] = [[0], [calls]];
  const counts = { inFlight: none, unwound: none, untracked: none, joinedMidCall: none, sumNs: one, minNs: [1], maxNs: [1] };
  const functions = packFunctions({ row: [0], calls: one, returns: one, ...counts, histograms: [emptyHistogram()] });
  session.tick(SessionTick.fromPartial({ sessionId: 'dbg-1', agentId: 'host-a', seq, elapsedNs: seq * 2e8, functions }));
}

/** A transport that takes frames only when told to. */
class Slow {
  readonly frames: NonNullable<WatchSessionResponse['update']>[] = [];
  readonly #untaken: (() => void)[] = [];

  readonly write = ({ update }: WatchSessionResponse, accepted: () => void): void => {
    this.frames.push(update!);
    this.#untaken.push(accepted);
  };

  takeAll(): void {
    for (let accepted = this.#untaken.shift(); accepted; accepted = this.#untaken.shift()) accepted();
  }

  get ticks(): SessionTick[] {
    return this.frames.flatMap((frame) => (frame.$case === 'tick' ? [frame.value] : []));
  }
}

const calls = (count: number) =>
  packCalls(
    Array.from({ length: count }, () => ({
      row: 0,
      atNs: 0n,
      durationNs: 1,
      goroutine: 0n,
      thread: 1,
      pid: 1,
      callId: 0n,
      flags: 2,
    })),
  );

test('a watcher that takes nothing holds two frames; the next tick it takes has the newest figures', (t) => {
  const [session, slow] = [armedSession(), new Slow()];
  const watcher = new Watcher(session, slow.write);
  for (let seq = 1; seq <= 10; seq++) {
    tick(session, seq, seq * 7);
    watcher.tick();
  }
  t.is(slow.frames.length, 2);
  t.is(watcher.skippedTicks, 8);
  slow.takeAll();
  t.deepEqual([...unpackFunctions(slow.ticks.at(-1)!.functions!).calls], [70]);
});

test('single calls wait for a slow watcher up to a bound, the rest is counted in its ticks alone', (t) => {
  const [session, slow, quick] = [armedSession(), new Slow(), new Slow()];
  const [watcher, other] = [new Watcher(session, slow.write), new Watcher(session, quick.write)];
  for (let i = 0; i < 20; i++) {
    watcher.calls(calls(10_000));
    other.calls(calls(10_000));
    quick.takeAll();
  }
  slow.takeAll();
  watcher.tick();
  other.tick();
  const sent = slow.frames.filter((frame) => frame.$case === 'calls').length;
  t.true(sent < 20);
  t.deepEqual(slow.ticks.at(-1)!.losses, [{ reason: WATCHER_SLOW, count: (20 - sent) * 10_000 }]);
  t.deepEqual(quick.ticks.at(-1)!.losses, []);
  for (const each of [watcher, other]) each.finish(Buffer.from('{"losses":{"ring_full":1}}'));
  const lost = ({ frames }: Slow) => {
    const last = frames.at(-1);
    return last?.$case === 'snapshot' ? JSON.parse(last.value.toString()).losses : null;
  };
  slow.takeAll();
  t.deepEqual(lost(slow), { ring_full: 1, [WATCHER_SLOW]: (20 - sent) * 10_000 });
  t.deepEqual(lost(quick), { ring_full: 1 });
});

test('a batch that is larger than the bound is sent where nothing waits in front of it', (t) => {
  const [session, quick] = [armedSession(), new Slow()];
  new Watcher(session, quick.write).calls(calls(200_000));
  t.is(quick.frames.at(-1)?.$case, 'calls');
});

test('the last tick and the snapshot are sent however slow the watcher is', (t) => {
  const [session, slow] = [armedSession(), new Slow()];
  const watcher = new Watcher(session, slow.write);
  for (let i = 0; i < 5; i++) watcher.tick();
  watcher.finish(Buffer.from('{}'));
  t.deepEqual(
    slow.frames.slice(-2).map((frame) => frame.$case),
    ['tick', 'snapshot'],
  );
});
