/** Rows of each process: asked for only while they are shown, since a watch has them merged. */

import type { Snapshot } from '../../snapshots/document.js';
import type { Effect, Step } from './action.js';
import { notify } from './notice.js';
import { type State, shownSession } from './state.js';

/** Shows a row for each process, or no longer. */
export function byProcess(state: State): Step {
  const pids = shownSession(state)?.reading?.snapshot.pids ?? [];
  if (!state.byProcess && pids.length < 2) {
    return { state: notify(state, 'the session is of one process', 'info'), effects: [] };
  }
  const next = { ...state, byProcess: !state.byProcess };
  return { state: next, effects: processesWanted(next) };
}

/** What has to be asked for. A session that has ended has its processes in its last document. */
export function processesWanted({ byProcess: wanted, session, view }: State): Effect[] {
  const shown = wanted && (view === 'live' || view === 'detail');
  return shown && session?.status === 'running' ? [{ type: 'load-processes', sessionId: session.id }] : [];
}

/** Keeps the last two, for rates. */
export function withProcesses(state: State, sessionId: string, snapshot: Snapshot): State {
  const { session } = state;
  if (session?.id !== sessionId) return state;
  return { ...state, session: { ...session, processes: [snapshot, ...(session.processes ?? [])].slice(0, 2) } };
}
