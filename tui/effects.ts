/** Carries out what the reducer asked for; every outcome comes back as an event. */

import type { Feed } from './feed/feed.js';
import type { FunctionSearch } from './search/function-search.js';
import { buildNamePool } from './search/name-pool.js';
import { warmUp } from './search/search.js';
import { writeSnapshot } from './snapshot-file.js';
import type { Effect, Event } from './state/action.js';

/** The world as effects reach it. */
export interface Outside {
  /** Absent until connected. */
  feed?: Feed | undefined;
  /** Stops watching the session on the screen. */
  unwatch?: () => void;
  readonly search: FunctionSearch;
  /** Where snapshots are written. */
  readonly directory: string;
  dispatch(event: Event): void;
  copy(text: string): void;
  redraw(): void;
  suspend(): void;
  edit(file: string, line: number): void;
  connect(): void;
  quit(): void;
}

/** Starts an effect; what fails becomes a notice. */
export function runEffect(outside: Outside, effect: Effect): void {
  carryOut(outside, effect).catch((error: unknown) => failed(outside, effect, error));
}

async function carryOut(outside: Outside, effect: Effect): Promise<void> {
  const onScreen = ON_SCREEN[effect.type] as ((outside: Outside, effect: Effect) => void) | undefined;
  if (onScreen !== undefined) return onScreen(outside, effect);
  const { feed, dispatch } = outside;
  if (feed === undefined) return outside.connect();
  switch (effect.type) {
    case 'load-services':
      return dispatch({ type: 'services', services: await feed.services() });
    case 'load-functions':
      return loadFunctions(outside, feed, effect.service);
    case 'load-sessions':
      return dispatch({ type: 'sessions', sessions: await feed.sessions() });
    case 'load-history':
      return dispatch({ type: 'history', history: await feed.history(effect.service) });
    case 'explain':
      return dispatch({ type: 'plans', service: effect.service, plans: await feed.explain(effect.service, effect.names) });
    case 'attach':
      return dispatch({ type: 'opened', info: await feed.open(effect) });
    case 'add':
      return dispatch({ type: 'opened', info: await feed.addFunctions(effect.sessionId, effect.functions) });
    case 'change':
      return dispatch({ type: 'opened', info: await feed.change(effect.sessionId, effect.wishes) });
    case 'load-processes':
      return dispatch({
        type: 'processes',
        sessionId: effect.sessionId,
        snapshot: await feed.withProcesses(effect.sessionId),
      });
    case 'extend':
      return dispatch({ type: 'opened', info: await feed.extend(effect.sessionId, effect.expiresAtMs) });
    case 'watch':
      return watch(outside, feed, effect.sessionId);
    case 'detach':
      await feed.detach(effect.sessionId);
      return dispatch({ type: 'sessions', sessions: await feed.sessions() });
    case 'snapshot':
      return snapshot(outside, feed, effect.sessionId);
  }
}

/** Effects that need no colony. */
const ON_SCREEN: { readonly [T in Effect['type']]?: (outside: Outside, effect: Effect & { type: T }) => void } = {
  search: (outside, { text }) => outside.search.start(text),
  copy: (outside, { text }) => outside.copy(text),
  editor: (outside, { file, line }) => outside.edit(file, line),
  redraw: (outside) => outside.redraw(),
  suspend: (outside) => outside.suspend(),
  quit: (outside) => outside.quit(),
};

async function loadFunctions(outside: Outside, feed: Feed, service: string): Promise<void> {
  const index = await feed.functions(service);
  const pool = buildNamePool(index.names);
  outside.search.use(pool);
  outside.dispatch({ type: 'functions', service, index, pool });
  warmUp(pool);
}

function watch(outside: Outside, feed: Feed, sessionId: string): void {
  outside.unwatch?.();
  outside.unwatch = feed.watch(sessionId, (event) => outside.dispatch({ type: 'watched', sessionId, event }));
}

async function snapshot(outside: Outside, feed: Feed, sessionId: string): Promise<void> {
  const path = await writeSnapshot(outside.directory, sessionId, await feed.snapshot(sessionId));
  outside.dispatch({ type: 'notice', text: `snapshot written to ${path}`, tone: 'info' });
}

/** Messages of CoralErrors come with their hint. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = 'hint' in error && typeof error.hint === 'string' && error.hint !== '' ? ` (${error.hint})` : '';
  return `${error.message}${hint}`;
}

function failed(outside: Outside, effect: Effect, error: unknown): void {
  const message = messageOf(error);
  if (effect.type === 'load-functions') outside.dispatch({ type: 'functions-failed', service: effect.service, message });
  else if (effect.type === 'load-services') lost(outside, message);
  else if (effect.type === 'attach') outside.dispatch({ type: 'attach-failed', message });
  else if (effect.type === 'detach') outside.dispatch({ type: 'detach-failed', message });
  else if (effect.type === 'change')
    outside.dispatch({ type: 'change-failed', sessionId: effect.sessionId, before: effect.before, message });
  else outside.dispatch({ type: 'notice', text: message, tone: 'warn' });
}

/** The next thing asked for connects anew. A watch that goes on reconnects by itself. */
function lost(outside: Outside, detail: string): void {
  if (outside.unwatch === undefined) outside.feed?.close();
  outside.feed = undefined;
  outside.dispatch({ type: 'disconnected', detail });
}
