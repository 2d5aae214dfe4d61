/**
 * A watch that survives a lost connection: it asks again with growing, jittered pauses. Every frame of a session is
 * absolute, so nothing needs repairing; `session` comes again after a reconnection.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { CallControl, MessageStream } from './call.js';
import { CoralError } from './errors.js';
import type { WatchSessionResponse } from './gen/coral/colony/v1/debug.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/** How long a colony may be away before the watch fails with COLONY_UNREACHABLE. */
const GIVE_UP_AFTER_MS = 10_000;

/** Frames of WatchSession; between them a notice RECONNECTED after each gap. */
export type WatchedStream = MessageStream<WatchSessionResponse>;

type Open = (control: CallControl) => WatchedStream;

/** Watches through `open`, again and again until the snapshot came, the caller cancels, or the colony stays away. */
export function watchAgain(open: Open, control: CallControl = {}, giveUpAfterMs = GIVE_UP_AFTER_MS): WatchedStream {
  const stop = new AbortController();
  const signal = control.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, control.signal]);
  return { cancel: () => stop.abort(), [Symbol.asyncIterator]: () => frames(open, signal, giveUpAfterMs) };
}

async function* frames(open: Open, signal: AbortSignal, giveUpAfterMs: number): AsyncGenerator<WatchSessionResponse> {
  let lostAtMs: number | undefined;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      for await (const frame of open({ signal })) {
        if (lostAtMs !== undefined) yield reconnected(Date.now() - lostAtMs);
        lostAtMs = undefined;
        attempt = 0;
        yield frame;
        if (frame.update?.$case === 'snapshot') return;
      }
      // A stream that ends before its snapshot was ended by a colony that ends.
      throw new CoralError('COLONY_UNREACHABLE', 'the colony ended the watch before the session was over', 'watch it again');
    } catch (error) {
      if (!mayComeBack(error, lostAtMs !== undefined)) throw error;
      lostAtMs ??= Date.now();
      if (Date.now() - lostAtMs > giveUpAfterMs) throw error;
      await pause(jittered(attempt), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** A colony that has just been started does not know the session until its agents have linked. */
function mayComeBack(error: unknown, wasLost: boolean): boolean {
  if (!(error instanceof CoralError)) return false;
  return error.code === 'COLONY_UNREACHABLE' || (wasLost && error.code === 'SESSION_NOT_FOUND');
}

const jittered = (attempt: number): number => Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt + 1));

function reconnected(gapMs: number): WatchSessionResponse {
  const nowMs = Date.now();
  return {
    update: {
      $case: 'notice',
      value: {
        at: { seconds: Math.floor(nowMs / 1000), nanos: (nowMs % 1000) * 1e6 },
        code: 'RECONNECTED',
        message: `the colony was out of reach for ${gapMs} ms; the figures are complete again, single calls of the gap are missing`,
      },
    },
  };
}
