/** What `c` copies: the command line that shows the same in a script, or the selected identity. */

import { selectedKey } from './selection.js';
import { type State, shownSession } from './state.js';

/** The text for the clipboard; undefined when nothing is selected. */
export function copyText(state: State): string | undefined {
  const session = shownSession(state);
  if (session !== undefined && (state.view === 'live' || state.view === 'detail')) {
    const functions = session.functions.map((name) => ` --function ${quoted(name)}`).join('');
    return `coral debug attach ${quoted(session.service)}${functions}`;
  }
  return selectedKey(state)?.split('\n').at(-1);
}

const quoted = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
