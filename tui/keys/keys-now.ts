/** The keys that would do something now: the footer and `?` show no others. */

import { type State, shownSession } from '../state/state.js';
import { type Binding, bindingsOf, type Need } from './table.js';

/** The bindings of the current view whose needs are met, in table order. */
export function bindingsNow(state: State): readonly Binding[] {
  return bindingsOf(state.view).filter(({ needs }) => needs === undefined || MET[needs](state));
}

const MET: Record<Need, (state: State) => boolean> = {
  colony: (state) => state.source.live,
  session: (state) => shownSession(state) !== undefined,
  // In Sessions the selected one is meant, whoever opened it.
  running: (state) => state.source.live && (state.view === 'sessions' || isOpen(state)),
};

const isOpen = ({ session }: State): boolean => session !== undefined && session.status !== 'ended';
