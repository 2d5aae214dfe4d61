/** The agent's limits: what the RFD's `agent.debug.limits` says, and who would exceed them. Pure. */

import { CoralError } from '../../../proto/errors.js';

export interface Limits {
  maxConcurrentSessions: number;
  maxSessionDurationMs: number;
  maxEventsPerSecond: number;
  maxMemoryBytes: number;
}

/** The RFD's values. */
export const DEFAULT_LIMITS: Limits = {
  maxConcurrentSessions: 5,
  maxSessionDurationMs: 600_000,
  maxEventsPerSecond: 10_000,
  maxMemoryBytes: 256 * 1024 * 1024,
};

/** What nobody types: a session holds a thousand functions, and globs name many at once. */
const MAX_PATTERNS = 1024;
const MAX_PATTERN_LENGTH = 4096;
const MAX_FILTERS = 32;

/** Of a session whose request names none. */
export const DEFAULT_DURATION_MS = 60_000;

/** Throws LIMIT_EXCEEDED when `open` sessions are already as many as may be. */
export function admitSession(open: number, limits: Limits): void {
  if (open < limits.maxConcurrentSessions) return;
  throw exceeded(
    `this agent already runs ${open} sessions, the most it may (max_concurrent_sessions)`,
    'end one with `coral debug detach`, or raise agent.debug.limits.max_concurrent_sessions',
    { limit: 'max_concurrent_sessions', value: limits.maxConcurrentSessions, open },
  );
}

/** Throws LIMIT_EXCEEDED for a duration above the limit, USAGE for none at all. */
export function admitDuration(durationMs: number, limits: Limits): void {
  if (durationMs <= 0) throw new CoralError('USAGE', `a session cannot last ${durationMs} ms`, 'ask for a duration above zero');
  if (durationMs <= limits.maxSessionDurationMs) return;
  throw exceeded(
    `a session of ${durationMs / 1000} s was asked for, this agent allows ${limits.maxSessionDurationMs / 1000} s (max_session_duration)`,
    'ask for a shorter one; a running session can be followed by another',
    { limit: 'max_session_duration', value_ms: limits.maxSessionDurationMs, asked_ms: durationMs },
  );
}

/** Throws LIMIT_EXCEEDED for more function patterns, or longer ones, than are worth matching with every name. */
export function admitPatterns(patterns: readonly string[]): void {
  if (patterns.length > MAX_PATTERNS)
    throw exceeded(`${patterns.length} functions were named, at most ${MAX_PATTERNS} are taken`, 'name them with globs', {
      value: MAX_PATTERNS,
      asked: patterns.length,
    });
  const longest = Math.max(0, ...patterns.map(({ length }) => length));
  if (longest > MAX_PATTERN_LENGTH)
    throw exceeded(
      `a function name of ${longest} characters was given, at most ${MAX_PATTERN_LENGTH} are read`,
      'shorten it with a glob',
      {
        value: MAX_PATTERN_LENGTH,
        asked: longest,
      },
    );
}

/** Throws LIMIT_EXCEEDED: the kernel evaluates eight comparisons. */
export function admitFilters(count: number): void {
  if (count <= MAX_FILTERS) return;
  throw exceeded(`${count} filters were given, at most ${MAX_FILTERS} are read`, 'simplify them', {
    value: MAX_FILTERS,
    asked: count,
  });
}

/** Throws LIMIT_EXCEEDED when a session of `wanted` bytes does not fit beside `used`. */
export function admitMemory(wantedBytes: number, usedBytes: number, limits: Limits): void {
  if (wantedBytes + usedBytes <= limits.maxMemoryBytes) return;
  throw exceeded(
    `the probes would take ${mib(wantedBytes)} MiB of kernel memory, ${mib(limits.maxMemoryBytes - usedBytes)} MiB of ${mib(limits.maxMemoryBytes)} MiB are free (max_memory_mb)`,
    'probe fewer functions, or raise agent.debug.limits.max_memory_mb',
    { limit: 'max_memory_mb', value_bytes: limits.maxMemoryBytes, used_bytes: usedBytes, asked_bytes: wantedBytes },
  );
}

const mib = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);

function exceeded(message: string, hint: string, details: Record<string, unknown>): CoralError {
  return new CoralError('LIMIT_EXCEEDED', message, hint, details);
}
