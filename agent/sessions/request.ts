/** An order to open a session, normalised: defaults filled in, contradictions refused. Pure. */

import { CoralError } from '../../proto/errors.js';
import type { UprobeConfig } from '../../proto/gen/coral/colony/v1/debug.js';
import type { OpenPart } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Duration } from '../../proto/gen/google/protobuf/duration.js';
import { type ValueWishes, wantsCapture } from '../captures/value-wishes.js';
import { equalityFilter, parseFilter } from '../values/filter-expression.js';
import { admitDuration, admitFilters, admitPatterns, DEFAULT_DURATION_MS, type Limits } from './limits/limits.js';

/** Slowest calls kept a function, when the request does not say. */
export const DEFAULT_MAX_SLOW = 20;
const MAX_MAX_SLOW = 1000;

/** How returns are seen: at every place where the function ends, by uprobe.session, or whichever the process allows. */
export type ReturnsMode = 'auto' | 'sites' | 'session';

/** What may change while the session runs. */
export interface Wishes extends ValueWishes {
  sampleRate: number;
  slowerThanNs: number;
  /** Of one CPU; 0: the default; negative: unlimited. */
  budgetPercent: number;
}

export interface SessionRequest extends Wishes {
  sessionId: string;
  service: string;
  pids: number[];
  patterns: string[];
  durationMs: number;
  maxSlow: number;
  countOnly: boolean;
  returns: ReturnsMode;
  requireAll: boolean;
  dryRun: boolean;
  /** Processes of the service that start later join. */
  standing: boolean;
  requestedBy: string;
}

/** Throws USAGE, UNSUPPORTED or LIMIT_EXCEEDED. */
export function normaliseRequest(part: OpenPart, limits: Limits): SessionRequest {
  const { request } = part;
  if (!request || request.functions.length === 0)
    throw new CoralError('USAGE', 'no function was named', 'name one with --function');
  admitPatterns(request.functions);
  const config = request.config;
  const durationMs = durationToMs(request.duration) ?? DEFAULT_DURATION_MS;
  admitDuration(durationMs, limits);
  const wishes = readWishes(config);
  return {
    sessionId: part.sessionId,
    service: request.serviceName,
    pids: part.pids,
    patterns: request.functions,
    durationMs,
    ...wishes,
    maxSlow: Math.min(config?.maxSlow ?? DEFAULT_MAX_SLOW, MAX_MAX_SLOW),
    countOnly: config?.countOnly ?? false,
    returns: returnsMode(config?.returns ?? '', wishes),
    requireAll: config?.requireAll ?? false,
    dryRun: request.dryRun,
    standing: part.standing,
    requestedBy: request.requestedBy,
  };
}

/** Throws USAGE for a filter that cannot be read. */
export function readWishes(config: UprobeConfig | undefined): Wishes {
  admitFilters(Object.keys(config?.filters ?? {}).length + (config?.filterExpressions.length ?? 0));
  const equalities = Object.entries(config?.filters ?? {}).map(([name, text]) => equalityFilter(name, text));
  return {
    sampleRate: config?.sampleRate ?? 0,
    slowerThanNs: config?.slowerThanNs ?? 0,
    budgetPercent: config?.budgetPercent ?? 0,
    captureArgs: config?.captureArgs ?? false,
    captureReturn: config?.captureReturn ?? false,
    filters: [...equalities, ...(config?.filterExpressions ?? []).map(parseFilter)],
  };
}

/** Milliseconds of a protobuf duration; null when absent. */
export function durationToMs(duration: Duration | undefined): number | null {
  return duration ? duration.seconds * 1000 + duration.nanos / 1e6 : null;
}

/** Captured values need probes of their own where functions return. */
function returnsMode(asked: string, wishes: Wishes): ReturnsMode {
  if (asked === '' || asked === 'auto') return wantsCapture(wishes) ? 'sites' : 'auto';
  if (asked === 'sites' || asked === 'session') return asked;
  throw new CoralError('USAGE', `returns '${asked}' is not known`, 'use auto, sites or session');
}
