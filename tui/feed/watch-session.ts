/** A session's stream as readings: ticks are added up in a ledger, each gives the state of the whole session. */

import type { Colony } from '../../proto/client.js';
import type { WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { CallBatch, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { decodeSnapshot } from '../../snapshots/codec/codec.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { singleCalls } from '../../snapshots/ledger/single-calls.js';
import { timestampToNs } from '../../snapshots/times/times.js';
import type { Reading, WatchEvent } from './feed.js';

type Update = WatchSessionResponse['update'];
type Listen = (event: WatchEvent) => void;

/** Calls back until the session ends; returns what stops it. */
export function watchSession(colony: Colony, sessionId: string, listen: Listen): () => void {
  const stream = colony.watch({ sessionId, calls: true });
  let stopped = false;
  const follow = new Follower(listen);
  const run = async (): Promise<void> => {
    for await (const { update } of stream) if (!stopped) follow.take(update);
    if (!stopped) follow.finish(new Error('the colony ended the stream before the session was over'));
  };
  run().catch((error: unknown) => {
    if (!stopped) follow.finish(error instanceof Error ? error : new Error(String(error)));
  });
  return () => {
    stopped = true;
    stream.cancel();
  };
}

/** What has been heard of one session. */
class Follower {
  private ledger: SessionLedger | undefined;
  private over = false;

  constructor(private readonly listen: Listen) {}

  take(update: Update): void {
    switch (update?.$case) {
      case 'session':
        this.armed(update.value);
        break;
      case 'tick':
        this.read(update.value);
        break;
      case 'calls':
        this.called(update.value);
        break;
      case 'notice':
        this.listen({ kind: 'notice', code: update.value.code, message: update.value.message });
        break;
      case 'snapshot':
        this.end({ snapshot: decodeSnapshot(update.value), rowCostNs: this.costs() });
    }
  }

  private armed(info: SessionInfo): void {
    if (this.ledger === undefined) this.ledger = SessionLedger.watching(info);
    else this.ledger.updateInfo(info);
    this.listen({ kind: 'session', info });
  }

  private read(tick: SessionTick): void {
    if (!this.ledger?.apply(tick)) return;
    const lag = tick.at === undefined ? {} : { lagMs: Math.max(0, Date.now() - Number(timestampToNs(tick.at)) / 1e6) };
    this.listen({ kind: 'reading', reading: { snapshot: this.ledger.snapshot(), rowCostNs: this.costs(), ...lag } });
  }

  private called(batch: CallBatch): void {
    if (this.ledger !== undefined) this.listen({ kind: 'calls', calls: singleCalls(batch, this.ledger.info.functions) });
  }

  /** The stream is over: without a snapshot the last numbers heard stay. */
  finish(error: Error): void {
    if (!this.over) this.listen({ kind: 'failed', error });
    this.over = true;
  }

  private end(reading: Reading): void {
    this.over = true;
    this.listen({ kind: 'ended', reading });
  }

  private costs(): number[] {
    return this.ledger?.rows().map((row) => row.costNs) ?? [];
  }
}
