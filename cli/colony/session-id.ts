/** Session ids as people type them: whole, or so much of the beginning or the end that one session is meant. */

import type { Colony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';

const PREFIX = 'dbg-';
const WHOLE = /^dbg-[0-9A-Z]{26}$/;
/** Less than this says little, and a slip would end another's session. */
const FEWEST_CHARACTERS = 4;
/** Of past ones so many are looked through, newest first. */
const MOST_ENDED = 1000;
const MOST_NAMED = 5;

/** The id that a part of it means; what fits none is left as it is, for the colony to say so. Throws SESSION_NOT_FOUND where several fit. */
export async function sessionIdOf(colony: Colony, typed: string, which: { readonly ended: boolean }): Promise<string> {
  if (WHOLE.test(typed) || typed.replace(PREFIX, '').length < FEWEST_CHARACTERS) return typed;
  const request = { serviceName: '', includeEnded: which.ended, limit: which.ended ? MOST_ENDED : 0 };
  const ids = (await colony.listDebugSessions(request)).sessions.map(({ sessionId }) => sessionId);
  const fitting = ids.filter((id) => id.startsWith(typed) || id.startsWith(PREFIX + typed) || id.endsWith(typed));
  if (fitting.length > 1) throw ambiguous(typed, fitting);
  return fitting[0] ?? typed;
}

function ambiguous(typed: string, ids: readonly string[]): CoralError {
  const some = ids.slice(0, MOST_NAMED);
  const hint = `write more of it: ${some.join(', ')}${ids.length > some.length ? ', …' : ''}`;
  return new CoralError('SESSION_NOT_FOUND', `${ids.length} sessions begin or end with ${typed}`, hint, {
    session_id: typed,
    candidates: ids,
  });
}
