/** The colony's settings: the RFD's YAML keys and their defaults, and ours beside them. Pure. */

import { configuredValues } from '../../proto/configuration-file.js';
import { CoralError } from '../../proto/errors.js';
import { parseDurationMs } from './duration.js';

/** Durations in ms. */
export interface Settings {
  /** `host:port` or `unix:/path`. */
  readonly listen: string;
  /** Off: every session is refused. */
  readonly enabled: boolean;
  readonly defaultDurationMs: number;
  readonly maxDurationMs: number;
  /** Single calls, and second by second figures of ended sessions. */
  readonly eventsRetentionMs: number;
  readonly sessionsRetentionMs: number;
}

const HOUR_MS = 3_600_000;

/** No configuration lifts the limit of a session: agents hold it too. */
const LONGEST_SESSION_MS = 600_000;

export const DEFAULT_SETTINGS: Settings = {
  listen: '127.0.0.1:9000',
  enabled: true,
  defaultDurationMs: 60_000,
  maxDurationMs: LONGEST_SESSION_MS,
  eventsRetentionMs: 24 * HOUR_MS,
  sessionsRetentionMs: 7 * 24 * HOUR_MS,
};

interface Key {
  /** The value in our units; undefined: not what `expected` says. */
  readonly read: (value: unknown) => unknown;
  readonly expected: string;
  /** Absent: known, but nothing of this version reads it. */
  readonly setting?: keyof Settings;
}

const text = { read: (value: unknown) => (typeof value === 'string' ? value : undefined), expected: 'a string' };
const flag = { read: (value: unknown) => (typeof value === 'boolean' ? value : undefined), expected: 'true or false' };
const count = { read: (value: unknown) => (Number.isInteger(value) ? value : undefined), expected: 'a whole number' };
const duration = { read: (value: unknown) => positive(value), expected: 'a duration such as 60s, 24h or 7d' };

/** Every key that the file may have. */
const KEYS: Record<string, Key> = {
  'colony.listen': { ...text, setting: 'listen' },
  'colony.debug.enabled': { ...flag, setting: 'enabled' },
  'colony.debug.sessions.default_duration': { ...duration, setting: 'defaultDurationMs' },
  'colony.debug.sessions.max_duration': { ...duration, setting: 'maxDurationMs' },
  'colony.debug.sessions.auto_cleanup_after': duration,
  'colony.debug.storage.events_retention': { ...duration, setting: 'eventsRetentionMs' },
  'colony.debug.storage.sessions_retention': { ...duration, setting: 'sessionsRetentionMs' },
  'colony.debug.ai.auto_attach_probes': flag,
  'colony.debug.ai.max_probes_per_query': count,
};

/** Settings of a parsed YAML document; throws USAGE naming the key, its value and what was expected. */
export function readSettings(document: unknown): Settings {
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [path, value] of configuredValues(document, Object.keys(KEYS))) {
    const { read, expected, setting } = KEYS[path] as Key;
    const known = read(value);
    if (known === undefined) throw badValue(path, value, expected);
    if (setting !== undefined) settings[setting] = known;
  }
  return checked(settings as unknown as Settings);
}

function checked(settings: Settings): Settings {
  const { defaultDurationMs, maxDurationMs } = settings;
  if (maxDurationMs > LONGEST_SESSION_MS) {
    throw badValue('colony.debug.sessions.max_duration', `${maxDurationMs / 1000}s`, `at most ${LONGEST_SESSION_MS / 1000}s`);
  }
  return { ...settings, defaultDurationMs: Math.min(defaultDurationMs, maxDurationMs) };
}

function positive(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? parseDurationMs(value) : undefined;
  return ms !== undefined && ms > 0 ? ms : undefined;
}

function badValue(path: string, value: unknown, expected: string): CoralError {
  const message = `${path} is ${JSON.stringify(value)}, ${expected} was expected`;
  return new CoralError('USAGE', message, 'correct the configuration file', { key: path });
}
