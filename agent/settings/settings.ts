/** The agent's settings: the RFD's YAML keys and their defaults. Pure. */

import { configuredValues } from '../../proto/configuration-file.js';
import { CoralError } from '../../proto/errors.js';
import { DEFAULT_LIMITS, type Limits } from '../sessions/limits/limits.js';
import { DEFAULT_REDACTION, type RedactionRules, withRules } from '../values/redact.js';
import { parseDurationMs } from './duration.js';

export interface Settings {
  /** Debugging is on; off: every session is refused. */
  enabled: boolean;
  /** Empty: the host's name. */
  agentId: string;
  /** unix:/path or host:port; empty: from the command line or the environment. */
  colony: string;
  sdk: { listenAddress: string; timeoutMs: number };
  limits: Limits;
  /** Captured values that never leave the host; the configuration adds to the default rules. */
  redaction: RedactionRules;
  /** Refuse programs without DWARF. Off, against the RFD: Go's own tables suffice. */
  requireDwarf: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  enabled: true,
  agentId: '',
  colony: '',
  sdk: { listenAddress: '127.0.0.1:9091', timeoutMs: 5000 },
  limits: DEFAULT_LIMITS,
  redaction: DEFAULT_REDACTION,
  requireDwarf: false,
};

type Read = (value: unknown, path: string) => unknown;
type Draft = { -readonly [Key in keyof Settings]: Settings[Key] };

/** Every key that the file may have, and where its value goes. */
const KEYS: Record<string, { read: Read; put: (draft: Draft, value: never) => void }> = {
  'agent.id': { read: text, put: (draft, value: string) => Object.assign(draft, { agentId: value }) },
  'agent.colony': { read: text, put: (draft, value: string) => Object.assign(draft, { colony: value }) },
  'agent.debug.enabled': { read: flag, put: (draft, value: boolean) => Object.assign(draft, { enabled: value }) },
  'agent.debug.require_dwarf': { read: flag, put: (draft, value: boolean) => Object.assign(draft, { requireDwarf: value }) },
  'agent.debug.sdk_api.listen_addr': {
    read: text,
    put: (draft, value: string) => Object.assign(draft.sdk, { listenAddress: value }),
  },
  'agent.debug.sdk_api.timeout': {
    read: duration,
    put: (draft, value: number) => Object.assign(draft.sdk, { timeoutMs: value }),
  },
  'agent.debug.limits.max_concurrent_sessions': {
    read: count,
    put: (draft, value: number) => limit(draft, { maxConcurrentSessions: value }),
  },
  'agent.debug.limits.max_session_duration': {
    read: duration,
    put: (draft, value: number) => limit(draft, { maxSessionDurationMs: value }),
  },
  'agent.debug.limits.max_events_per_second': {
    read: count,
    put: (draft, value: number) => limit(draft, { maxEventsPerSecond: value }),
  },
  'agent.debug.limits.max_memory_mb': {
    read: count,
    put: (draft, value: number) => limit(draft, { maxMemoryBytes: value * 1024 * 1024 }),
  },
};

for (const rule of ['names', 'types', 'text'] as const) {
  KEYS[`agent.debug.redaction.${rule}`] = {
    read: patterns,
    put: (draft, value: string[]) => Object.assign(draft, { redaction: withRules(draft.redaction, rule, value) }),
  };
}

/** Settings of a parsed YAML document; throws USAGE naming the key, its value and what was expected. */
export function readSettings(document: unknown): Settings {
  const draft: Draft = { ...DEFAULT_SETTINGS, sdk: { ...DEFAULT_SETTINGS.sdk }, limits: { ...DEFAULT_SETTINGS.limits } };
  for (const [path, value] of configuredValues(document, Object.keys(KEYS))) {
    const key = KEYS[path];
    key?.put(draft, key.read(value, path) as never);
  }
  return draft;
}

const limit = (draft: Draft, change: Partial<Limits>): Limits => Object.assign(draft.limits, change);

function text(value: unknown, path: string): string {
  return typeof value === 'string' ? value : refuse(path, value, 'a string');
}

function flag(value: unknown, path: string): boolean {
  return typeof value === 'boolean' ? value : refuse(path, value, 'true or false');
}

function count(value: unknown, path: string): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
    ? value
    : refuse(path, value, 'a whole number above 0');
}

/** Regular expressions, one or a list. */
function patterns(value: unknown, path: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.every((each) => typeof each === 'string' && isPattern(each))
    ? list
    : refuse(path, value, 'a list of regular expressions');
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source).source !== '';
  } catch {
    return false; // told to the user with the key
  }
}

function duration(value: unknown, path: string): number {
  const ms = typeof value === 'string' ? parseDurationMs(value) : null;
  return ms !== null && ms > 0 ? ms : refuse(path, value, 'a duration such as 600s');
}

function refuse(path: string, value: unknown, expected: string): never {
  throw new CoralError(
    'USAGE',
    `${path} is ${JSON.stringify(value)}, ${expected} was expected`,
    'correct the configuration file',
    { key: path },
  );
}
