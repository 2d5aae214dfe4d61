/** One session from its opening to its document: arm, watch, show, end. */

import type { Colony } from '../../proto/client.js';
import { CoralError, EXIT } from '../../proto/errors.js';
import type { DeepPartial, OpenSessionRequest, WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { Snapshot } from '../../snapshots/document.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { singleCalls } from '../../snapshots/ledger/single-calls.js';
import { errorJson, errorText } from '../format/errors.js';
import type { Surroundings } from '../surroundings.js';
import type { Printer } from './printer.js';
import { tickViews } from './tick-view.js';

export interface SessionOptions {
  readonly request: DeepPartial<OpenSessionRequest>;
  readonly intervalMs: number;
  /** The colony outlives its clients: watch again after a lost connection. A private one that is gone has ended the session. */
  readonly reconnects: boolean;
  /** Errors as JSON. */
  readonly machine: boolean;
}

/** Runs a session to its end; gives the exit status. What was measured is printed even when agent or colony are lost. */
export async function runSession(
  colony: Colony,
  options: SessionOptions,
  printer: Printer,
  surroundings: Surroundings,
): Promise<number> {
  const { session } = await colony.openSession(options.request);
  if (!session) throw new CoralError('INTERNAL', 'the colony opened a session and did not say which', 'restart the colony');
  const ledger = SessionLedger.watching(session, options.request.config?.maxSlow || undefined);
  const frames = options.reconnects ? colony.watch : colony.watchSession;
  const stream = frames({ sessionId: session.sessionId, calls: true });
  const stopListening = detachOnInterruption(colony, session.sessionId, surroundings.interruption, () => stream.cancel());
  try {
    const text = await show(stream, ledger, options.intervalMs, printer);
    return finish(printer, text ?? ownDocument(ledger), options.machine, surroundings);
  } finally {
    stopListening();
  }
}

/** Shows the frames; the document's text, or undefined when the stream ended without one. */
async function show(
  stream: AsyncIterable<WatchSessionResponse>,
  ledger: SessionLedger,
  intervalMs: number,
  printer: Printer,
): Promise<string | undefined> {
  let ticking: NodeJS.Timeout | undefined;
  try {
    for await (const { update } of stream) {
      if (update?.$case === 'snapshot') return Buffer.from(update.value).toString('utf8');
      if (update?.$case === 'session' && ticking === undefined) {
        printer.opened(update.value);
        const nextView = tickViews(ledger);
        ticking = setInterval(() => printer.ticked(nextView()), intervalMs);
      }
      take(update, ledger, printer);
    }
  } catch (error) {
    if (!(error instanceof CoralError) || error.code !== 'COLONY_UNREACHABLE') throw error;
  } finally {
    clearInterval(ticking);
  }
  return undefined;
}

function take(update: WatchSessionResponse['update'], ledger: SessionLedger, printer: Printer): void {
  if (update?.$case === 'session') ledger.updateInfo(update.value);
  else if (update?.$case === 'tick') ledger.apply(update.value);
  else if (update?.$case === 'notice') printer.noticed(update.value);
  else if (update?.$case === 'calls') {
    for (const call of singleCalls(update.value, ledger.info.functions)) printer.called(call);
  }
}

/** The first interruption detaches: the document then comes as at any end. If that fails the stream is left. */
function detachOnInterruption(colony: Colony, sessionId: string, interruption: AbortSignal, leave: () => void): () => void {
  const detach = (): void => {
    colony.detachUprobe({ sessionId }).catch(leave);
  };
  if (interruption.aborted) detach();
  else interruption.addEventListener('abort', detach, { once: true });
  return () => interruption.removeEventListener('abort', detach);
}

/** The last that was heard, as a document: the colony that has the whole one is gone. */
function ownDocument(ledger: SessionLedger): string {
  return JSON.stringify(ledger.snapshot('agent_lost'));
}

function finish(printer: Printer, text: string, machine: boolean, { say }: Surroundings): number {
  const snapshot = JSON.parse(text) as Snapshot;
  printer.ended(snapshot, text);
  if (snapshot.end_reason !== 'agent_lost') return EXIT.done;
  const error = new CoralError(
    'AGENT_UNREACHABLE',
    `session ${snapshot.session_id} lost its agent after ${Number(snapshot.duration_ns) / 1e9} s; the figures are those of the last tick`,
    'attach again; `coral services` says which agents are here',
    { session_id: snapshot.session_id, agent: snapshot.agent },
  );
  say(machine ? errorJson(error) : errorText(error));
  return error.exitCode;
}
