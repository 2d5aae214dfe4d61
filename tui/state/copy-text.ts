/** What `c` copies: the command line that shows the same in a script, or the selected identity. */

import type { CallRow } from '../tables/call-rows.js';
import { selectedKey } from './selection.js';
import { type State, shownSession } from './state.js';
import { wishFlags } from './wishes.js';

/** The text for the clipboard; undefined when nothing is selected. */
export function copyText(state: State): string | undefined {
  if (state.overlay?.kind === 'call') return callText(state.overlay.call);
  const session = shownSession(state);
  if (session !== undefined && (state.view === 'live' || state.view === 'detail')) {
    const functions = session.functions.map((name) => ` --function ${quoted(name)}`).join('');
    const flags = wishFlags(session.wishes).map((flag) => ` ${quoted(flag)}`);
    return `coral debug attach ${quoted(session.service)}${functions}${flags.join('')}`;
  }
  return selectedKey(state)?.split('\n').at(-1);
}

const callText = (row: CallRow): string => JSON.stringify(row.section === 'open' ? row.open : row.ended);

const quoted = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
