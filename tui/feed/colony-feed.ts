/** A colony as the workbench's feed. The client is handed in, so that gRPC is not imported before the first frame. */

import type { Colony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';
import type { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import { decodeSnapshot } from '../../snapshots/codec/codec.js';
import type { Feed, FeedStatus, OpenRequest, Wishes } from './feed.js';
import { fetchFunctions } from './fetch-functions.js';
import { watchSession } from './watch-session.js';

export interface ColonyFeedOptions {
  /** For the header: `private`, or the address. */
  readonly name: string;
  readonly requestedBy: string;
}

/** The feed of a connected colony; closing it closes the client. */
export function colonyFeed(colony: Colony, options: ColonyFeedOptions): Feed {
  return {
    name: options.name,
    live: true,
    status: () => status(colony),
    services: async () => (await colony.listServices({})).services,
    functions: (service) => fetchFunctions(colony, service),
    explain: async (serviceName, functions) =>
      (await colony.explainFunction({ serviceName, functions: [...functions] })).functions,
    open: (request) => open(colony, request, options.requestedBy),
    addFunctions: (sessionId, names) => update(colony, { sessionId, addFunctions: [...names] }),
    change: (sessionId, wishes) => update(colony, { sessionId, config: configOf(wishes) }),
    extend: (sessionId, expiresAtMs) => update(colony, { sessionId, expiresAt: timestampOf(expiresAtMs) }),
    detach: async (sessionId) => void (await colony.detachUprobe({ sessionId })),
    watch: (sessionId, listen) => watchSession(colony, sessionId, listen),
    sessions: async () => (await colony.listDebugSessions({ includeEnded: true })).sessions,
    history: (service) => history(colony, service),
    snapshot: async (sessionId) => Buffer.from((await colony.getSnapshot({ sessionId })).snapshot).toString('utf8'),
    withProcesses: async (sessionId) => decodeSnapshot((await colony.getSnapshot({ sessionId })).snapshot),
    close: () => colony.close(),
  };
}

async function status(colony: Colony): Promise<FeedStatus> {
  const answer = await colony.getStatus({ takeUnreportedEnds: true });
  return {
    agents: answer.agents,
    historyError: answer.historyError,
    unreportedEnds: answer.unreportedEnds.map(
      (session) => `session ${session.sessionId} on ${session.serviceName} ended without being told: ${session.status}`,
    ),
  };
}

async function open(colony: Colony, request: OpenRequest, requestedBy: string): Promise<SessionInfo> {
  const { session } = await colony.openSession({
    serviceName: request.service,
    functions: [...request.functions],
    ...(request.durationMs === undefined ? {} : { duration: durationOf(request.durationMs) }),
    config: configOf(request.wishes),
    requestedBy,
    attended: true,
  });
  return known(session);
}

async function update(colony: Colony, request: Parameters<Colony['updateSession']>[0]): Promise<SessionInfo> {
  return known((await colony.updateSession(request)).session);
}

function known(session: SessionInfo | undefined): SessionInfo {
  if (session === undefined) throw new CoralError('INTERNAL', 'the colony named no session in its answer', 'restart the colony');
  return session;
}

async function history(colony: Colony, serviceName: string) {
  const { entries } = await colony.queryHistory({ serviceName });
  return entries.flatMap(({ session, snapshot }) =>
    session === undefined || snapshot.length === 0 ? [] : [{ session, snapshot: decodeSnapshot(snapshot) }],
  );
}

const configOf = ({ captureValues, filters, slowerThanNs, sampleRate, budgetPercent }: Wishes) => ({
  captureArgs: captureValues,
  captureReturn: captureValues,
  filterExpressions: [...filters],
  slowerThanNs,
  sampleRate,
  budgetPercent,
});

const durationOf = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) });
const timestampOf = durationOf;
