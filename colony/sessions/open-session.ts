/** Opening a session: find the processes, have every agent arm its part, answer when a call would be counted. */

import { CoralError } from '../../proto/errors.js';
import type { OpenSessionRequest, OpenSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Target } from '../resolve/resolve-service.js';
import { newSessionId } from '../resolve/session-id.js';
import { durationOfMs, msOfDuration } from '../wire/times.js';
import { armParts, isArmed } from './arm-parts.js';
import { closeSession } from './close-session.js';
import { Session } from './session.js';
import type { Sessions } from './sessions.js';

/** What the configuration says of sessions. */
export interface SessionRules {
  /** Off: no session is opened. */
  readonly enabled: boolean;
  readonly defaultDurationMs: number;
  readonly maxDurationMs: number;
}

/** A shorter one would be over before it is armed. */
const SHORTEST_SESSION_MS = 1;

export interface OpenWorld {
  readonly fleet: Fleet;
  readonly sessions: Sessions;
  readonly rules: SessionRules;
}

/** Opens a session on the processes of `target`; throws the agents' refusal when none could arm. */
export async function openSession(request: OpenSessionRequest, target: Target, world: OpenWorld): Promise<OpenSessionResponse> {
  const asked = admitted(request, world.rules);
  const session = new Session(emptyInfo(asked, target), asked.attended, asked.config?.maxSlow);
  if (!asked.dryRun) world.sessions.add(session);
  const results = await armParts(session, asked, target, world.fleet);
  const armed = results.filter(isArmed);
  const refusals = results.filter((result) => result instanceof CoralError);
  if (armed.length === 0 || (asked.config?.requireAll === true && refusals.length > 0)) {
    await abandon(session, world);
    throw refusalOf(refusals);
  }
  if (!asked.dryRun) world.sessions.started(session);
  return { session: session.info, estimatedHitCostNs: meanHitCostNs(armed) };
}

/** Undoes what was armed of a session that will not run. */
async function abandon(session: Session, { sessions, fleet }: OpenWorld): Promise<void> {
  session.abandoned = true;
  if (session.isArmed) await closeSession(session, 'interrupted', fleet);
  sessions.drop(session);
}

/** The request with its duration filled in; throws USAGE or LIMIT_EXCEEDED. */
function admitted(request: OpenSessionRequest, rules: SessionRules): OpenSessionRequest {
  const askedMs = msOfDuration(request.duration) ?? rules.defaultDurationMs;
  const durationMs = askedMs > 0 ? Math.max(askedMs, SHORTEST_SESSION_MS) : askedMs;
  if (!rules.enabled) {
    throw new CoralError(
      'UNSUPPORTED',
      'debugging is switched off in this colony',
      'see colony.debug.enabled in its configuration',
    );
  }
  if (request.functions.length === 0) throw new CoralError('USAGE', 'no function was named', 'name one with --function');
  if (!(durationMs > 0)) throw new CoralError('USAGE', `a session cannot last ${durationMs} ms`, 'ask for a duration above zero');
  if (durationMs > rules.maxDurationMs) {
    throw new CoralError(
      'LIMIT_EXCEEDED',
      `a session of ${durationMs / 1000} s was asked for, this colony allows ${rules.maxDurationMs / 1000} s`,
      'ask for a shorter one (colony.debug.sessions.max_duration)',
      { limit: 'max_duration', value_ms: rules.maxDurationMs, asked_ms: durationMs },
    );
  }
  return { ...request, duration: durationOfMs(durationMs) };
}

function emptyInfo(request: OpenSessionRequest, target: Target): SessionInfo {
  return {
    sessionId: newSessionId(),
    service: target.service,
    pids: [],
    agents: [],
    buildIds: [],
    startedAt: undefined,
    expiresAt: undefined,
    functions: [],
    refused: [...target.refused],
    requestedBy: request.requestedBy,
    parts: [],
    countOnly: request.config?.countOnly ?? false,
  };
}

/** One error of all: that of the first agent, with the others named. */
function refusalOf(errors: readonly CoralError[]): CoralError {
  const [first, ...others] = errors;
  if (first === undefined) return new CoralError('AGENT_UNREACHABLE', 'no agent took its part of the session');
  return others.length === 0
    ? first
    : new CoralError(first.code, `${first.message} (and ${others.length} more agents)`, first.hint, first.details);
}

const meanHitCostNs = (armed: readonly PartArmed[]): number =>
  Math.round(armed.reduce((sum, part) => sum + part.estimatedHitCostNs, 0) / armed.length);
