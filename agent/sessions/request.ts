/** An order to open a session, normalised: defaults filled in, contradictions refused. Pure. */

import { CoralError } from '../../proto/errors.js';
import type { UprobeConfig } from '../../proto/gen/coral/colony/v1/debug.js';
import type { OpenPart } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Duration } from '../../proto/gen/google/protobuf/duration.js';
import { admitDuration, DEFAULT_DURATION_MS, type Limits } from './limits.js';

/** Slowest calls kept a function, when the request does not say. */
const DEFAULT_MAX_SLOW = 20;
const MAX_MAX_SLOW = 1000;

export type ReturnsMode = 'sites' | 'session';

export interface SessionRequest {
  sessionId: string;
  service: string;
  pids: number[];
  patterns: string[];
  durationMs: number;
  sampleRate: number;
  slowerThanNs: number;
  maxSlow: number;
  countOnly: boolean;
  returns: ReturnsMode;
  requireAll: boolean;
  /** Of one CPU; 0: the default; negative: unlimited. */
  budgetPercent: number;
  dryRun: boolean;
  requestedBy: string;
}

/** Throws USAGE, UNSUPPORTED or LIMIT_EXCEEDED. */
export function normaliseRequest(part: OpenPart, limits: Limits): SessionRequest {
  const { request } = part;
  if (!request || request.functions.length === 0)
    throw new CoralError('USAGE', 'no function was named', 'name one with --function');
  const config = request.config;
  refuseUnsupported(config);
  const durationMs = durationToMs(request.duration) ?? DEFAULT_DURATION_MS;
  admitDuration(durationMs, limits);
  return {
    sessionId: part.sessionId,
    service: request.serviceName,
    pids: part.pids,
    patterns: request.functions,
    durationMs,
    sampleRate: config?.sampleRate ?? 0,
    slowerThanNs: config?.slowerThanNs ?? 0,
    maxSlow: Math.min(config?.maxSlow || DEFAULT_MAX_SLOW, MAX_MAX_SLOW),
    countOnly: config?.countOnly ?? false,
    returns: returnsMode(config?.returns ?? ''),
    requireAll: config?.requireAll ?? false,
    budgetPercent: config?.budgetPercent ?? 0,
    dryRun: request.dryRun,
    requestedBy: request.requestedBy,
  };
}

/** Milliseconds of a protobuf duration; null when absent. */
export function durationToMs(duration: Duration | undefined): number | null {
  return duration ? duration.seconds * 1000 + duration.nanos / 1e6 : null;
}

function returnsMode(asked: string): ReturnsMode {
  if (asked === '' || asked === 'auto' || asked === 'sites') return 'sites';
  if (asked === 'session') return 'session';
  throw new CoralError('USAGE', `returns '${asked}' is not known`, 'use auto, sites or session');
}

/** What this version's kernel programs do not do is refused, not ignored. */
function refuseUnsupported(config: UprobeConfig | undefined): void {
  const asked = unsupportedOption(config);
  if (asked === null) return;
  throw new CoralError('UNSUPPORTED', `${asked} is not supported by this agent`, 'ask without it', { option: asked });
}

function unsupportedOption(config: UprobeConfig | undefined): string | null {
  if (config?.captureArgs) return 'capture of arguments';
  if (config?.captureReturn) return 'capture of results';
  if (Object.keys(config?.filters ?? {}).length + (config?.filterExpressions.length ?? 0) > 0) return 'a filter on values';
  return null;
}
