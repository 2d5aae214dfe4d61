/** A session that has just been armed, for a person. Pure. */

import type { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import { printable } from './table.js';
import { formatDuration, formatSpan } from './units.js';

const MAX_NAMES = 3;

/** Which session, for how long, of what. */
export function openedText(info: SessionInfo): string {
  const seconds = secondsOf(info.expiresAt) - secondsOf(info.startedAt);
  const names = info.functions.map(({ name }) => name);
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const what = `${printable(names.slice(0, MAX_NAMES).join(', '))}${more} of ${printable(info.service)} (pid ${info.pids.join(', ')})`;
  return `Session ${info.sessionId}, ${seconds < 1 ? formatDuration(seconds * 1e9) : formatSpan(seconds)} (Ctrl-C ends it early)\n${what}`;
}

const secondsOf = (at: SessionInfo['startedAt']): number => (at?.seconds ?? 0) + (at?.nanos ?? 0) / 1e9;
