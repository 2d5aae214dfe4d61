/** A watch of a session from its `session` frame to its snapshot. */

import type { WatchSessionRequest, WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { CallBatch, Notice } from '../../proto/gen/coral/live/v1/live.js';
import { aborted, type Outlet } from '../wire/rpc.js';
import { msOfDuration } from '../wire/times.js';
import { snapshotBytes } from './debug-session.js';
import type { Session } from './session.js';
import { Watcher } from './watcher.js';

/** Ticks of several agents within this time become one frame, for watchers that ask for no interval. */
const SHORTEST_INTERVAL_MS = 50;

/** Writes the session to `outlet`; resolves after its snapshot, or when the caller has gone. */
export async function watchSession(
  session: Session,
  request: WatchSessionRequest,
  outlet: Outlet<WatchSessionResponse>,
): Promise<void> {
  const watcher = new Watcher(session, outlet.write);
  const intervalMs = msOfDuration(request.interval);
  watcher.send({ $case: 'session', value: session.info });
  if (!session.ended) await follow(session, watcher, request.calls, intervalMs, outlet.signal);
  if (!outlet.signal.aborted) watcher.finish(snapshotBytes(session));
}

async function follow(
  session: Session,
  watcher: Watcher,
  withCalls: boolean,
  intervalMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const pace = intervalMs === undefined || intervalMs <= 0 ? onChange(watcher) : atInterval(watcher, intervalMs);
  const onSession = (): void => watcher.send({ $case: 'session', value: session.info });
  const onCalls = (batch: CallBatch): void => watcher.calls(batch);
  const onNotice = (notice: Notice): void => watcher.send({ $case: 'notice', value: notice });
  session.notices.forEach(onNotice);
  session.on('changed', pace.changed).on('session', onSession).on('notice', onNotice);
  if (withCalls) session.on('calls', onCalls);
  await Promise.race([aborted(signal), new Promise<void>((resolve) => session.once('ended', resolve))]);
  pace.stop();
  session.off('changed', pace.changed).off('session', onSession).off('notice', onNotice).off('calls', onCalls);
}

interface Pace {
  changed(): void;
  stop(): void;
}

function onChange(watcher: Watcher): Pace {
  let timer: NodeJS.Timeout | undefined;
  let sentAtMs = 0;
  const send = (): void => {
    timer = undefined;
    sentAtMs = performance.now();
    watcher.tick();
  };
  return {
    changed: () => {
      timer ??= setTimeout(send, Math.max(0, sentAtMs + SHORTEST_INTERVAL_MS - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}

function atInterval(watcher: Watcher, intervalMs: number): Pace {
  const timer = setInterval(() => watcher.tick(), Math.max(intervalMs, SHORTEST_INTERVAL_MS));
  return { changed: () => undefined, stop: () => clearInterval(timer) };
}
