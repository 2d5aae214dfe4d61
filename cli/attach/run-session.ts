/** One session from its opening to its document: arm, watch, show, end. */

import type { Colony } from '../../proto/client.js';
import { CoralError, EXIT } from '../../proto/errors.js';
import type { DeepPartial, OpenSessionRequest, WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { encodeSnapshot } from '../../snapshots/codec/codec.js';
import type { Snapshot } from '../../snapshots/document.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { singleCalls } from '../../snapshots/ledger/single-calls.js';
import { formatDuration } from '../format/units.js';
import type { Surroundings } from '../surroundings.js';
import type { Printer } from './printer.js';
import { tickViews } from './tick-view.js';

export interface SessionOptions {
  readonly request: DeepPartial<OpenSessionRequest>;
  readonly intervalMs: number;
  /** The colony outlives its clients: watch again after a lost connection. A private one that is gone has ended the session. */
  readonly reconnects: boolean;
}

/** Runs a session to its end. What was measured is printed even when agent or colony are lost, before that is thrown. */
export async function runSession(
  colony: Colony,
  options: SessionOptions,
  printer: Printer,
  surroundings: Surroundings,
): Promise<number> {
  // From here a signal no longer ends the process: a session that opens just now is ended in order.
  const { interruption } = surroundings;
  const { session } = await colony.openSession(options.request);
  if (!session) throw new CoralError('INTERNAL', 'the colony opened a session and did not say which', 'restart the colony');
  const ledger = SessionLedger.watching(session, options.request.config?.maxSlow);
  const frames = options.reconnects ? colony.watch : colony.watchSession;
  const stream = frames({ sessionId: session.sessionId, calls: printer.called !== undefined });
  const stopListening = detachOnInterruption(colony, session.sessionId, interruption, () => stream.cancel());
  try {
    return finish(await show(stream, ledger, options.intervalMs, printer), ledger, printer);
  } finally {
    stopListening();
  }
}

/** What the stream ended with: the document's text, or why there is none. */
type StreamEnd = { readonly text: string } | { readonly failure: unknown };

/** Shows the frames as they come. A stream that an interruption has cut fails with nothing. */
async function show(
  stream: AsyncIterable<WatchSessionResponse>,
  ledger: SessionLedger,
  intervalMs: number,
  printer: Printer,
): Promise<StreamEnd> {
  let ticking: NodeJS.Timeout | undefined;
  try {
    for await (const { update } of stream) {
      if (update?.$case === 'snapshot') return { text: Buffer.from(update.value).toString('utf8') };
      if (update?.$case === 'session' && ticking === undefined) {
        printer.opened(update.value);
        const nextView = tickViews(ledger);
        ticking = setInterval(() => printer.ticked(nextView()), intervalMs);
      }
      take(update, ledger, printer);
    }
    return { failure: undefined };
  } catch (failure) {
    return { failure };
  } finally {
    clearInterval(ticking);
  }
}

function take(update: WatchSessionResponse['update'], ledger: SessionLedger, printer: Printer): void {
  if (update?.$case === 'session') ledger.updateInfo(update.value);
  else if (update?.$case === 'tick') ledger.apply(update.value);
  else if (update?.$case === 'notice') printer.noticed(update.value);
  else if (update?.$case === 'calls') {
    for (const call of singleCalls(update.value, ledger.info.functions)) printer.called?.(call);
  }
}

/** The first interruption detaches: the document then comes as at any end, as it does if that has come before. If detaching fails the stream is left. */
function detachOnInterruption(colony: Colony, sessionId: string, interruption: AbortSignal, leave: () => void): () => void {
  const detach = (): void => {
    colony.detachUprobe({ sessionId, interrupted: true }).catch((error) => {
      if (!hasEnded(error)) leave();
    });
  };
  if (interruption.aborted) detach();
  else interruption.addEventListener('abort', detach, { once: true });
  return () => interruption.removeEventListener('abort', detach);
}

const hasEnded = (error: unknown): boolean => error instanceof CoralError && error.code === 'SESSION_NOT_FOUND';

/** Prints the document, the colony's or what we heard; throws what has to be told after it. */
function finish(end: StreamEnd, ledger: SessionLedger, printer: Printer): number {
  const snapshot = 'text' in end ? (JSON.parse(end.text) as Snapshot) : ledger.snapshot('agent_lost');
  printer.ended(snapshot, 'text' in end ? end.text : encodeSnapshot(snapshot));
  if ('failure' in end) throw isUnreachable(end.failure) ? colonyLost(snapshot) : end.failure;
  if (snapshot.end_reason === 'agent_lost') throw agentLost(snapshot);
  return EXIT.done;
}

const isUnreachable = (failure: unknown): boolean =>
  failure === undefined || (failure instanceof CoralError && failure.code === 'COLONY_UNREACHABLE');

function agentLost({ session_id, agent, duration_ns }: Snapshot): CoralError {
  return new CoralError(
    'AGENT_UNREACHABLE',
    `session ${session_id} lost its agent ${agent} after ${formatDuration(duration_ns)}; the figures are those of its last tick`,
    'attach again; its probes went with it',
    { session_id, agent },
  );
}

/** The colony has the whole document; ours is what it told us. */
function colonyLost({ session_id, duration_ns }: Snapshot): CoralError {
  return new CoralError(
    'COLONY_UNREACHABLE',
    `session ${session_id} lost its colony after ${formatDuration(duration_ns)}; the figures are those of the last tick`,
    'attach again; `coral debug list --ended` says what became of it',
    { session_id },
  );
}
