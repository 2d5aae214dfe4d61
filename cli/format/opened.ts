/** A session that has just been armed, for a person. Pure. */

import type { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import { printable } from './table.js';
import { formatSpan } from './units.js';

const MAX_NAMES = 3;

/** Which session, for how long, of what. */
export function openedText(info: SessionInfo): string {
  const seconds = (info.expiresAt?.seconds ?? 0) - (info.startedAt?.seconds ?? 0);
  const names = info.functions.map(({ name }) => name);
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const what = `${printable(names.slice(0, MAX_NAMES).join(', '))}${more} of ${printable(info.service)} (pid ${info.pids.join(', ')})`;
  return `Session ${info.sessionId}, ${formatSpan(seconds)} (Ctrl-C ends it early)\n${what}`;
}
