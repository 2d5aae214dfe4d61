/** The one table of keys: dispatch, footer, `?`, documentation and tests read it. */

import type { Action } from '../state/action.js';
import { VIEWS, type View } from '../state/state.js';

/** Somebody to ask (no file), a session that is shown, one that still runs. */
export type Need = 'colony' | 'session' | 'running';

export interface Binding {
  readonly keys: readonly string[];
  /** Absent: in every view. */
  readonly views?: readonly View[];
  readonly action: Action;
  /** One word for the footer. */
  readonly label: string;
  /** A sentence for `?`. */
  readonly help: string;
  /** Without it the key only says why it does nothing. */
  readonly needs?: Need;
  /** Place in the footer, lowest first; absent: not there. */
  readonly footer?: number;
}

const MEASURED: readonly View[] = ['live', 'detail', 'tree'];
const TABLES: readonly View[] = ['services', 'live', 'tree', 'history', 'sessions'];

const viewKeys = VIEWS.map(
  (view, i): Binding => ({
    keys: [String(i + 1)],
    action: { type: 'view', view },
    label: view,
    help: `show ${view}`,
  }),
);

/** In the order of `?`; the first that fits a key wins. */
export const BINDINGS: readonly Binding[] = [
  {
    keys: ['enter'],
    views: ['services'],
    action: { type: 'enter' },
    label: 'Functions',
    help: "show the service's functions",
    footer: 1,
  },
  {
    keys: ['enter'],
    views: ['functions'],
    action: { type: 'enter' },
    label: 'Attach',
    help: 'measure the function, now',
    footer: 1,
  },
  {
    keys: ['enter'],
    views: ['live'],
    action: { type: 'enter' },
    label: 'Detail',
    help: 'histogram, percentiles over time and slowest calls',
    footer: 1,
  },
  {
    keys: ['enter'],
    views: ['detail'],
    action: { type: 'enter' },
    label: 'Call',
    help: 'all values of the call, its goroutine, thread and time',
    footer: 1,
  },
  {
    keys: ['right', 'l'],
    views: ['detail'],
    action: { type: 'next-function', by: 1 },
    label: 'Next',
    help: 'the next function of the session',
  },
  {
    keys: ['left', 'h'],
    views: ['detail'],
    action: { type: 'next-function', by: -1 },
    label: 'Previous',
    help: 'the function of the session before this one',
  },
  {
    keys: ['p'],
    views: ['live', 'detail'],
    action: { type: 'by-process' },
    label: 'Processes',
    help: 'a row for each process below each function, or merged',
    footer: 11,
  },
  {
    keys: ['B'],
    views: MEASURED,
    action: { type: 'wish', wishes: { budgetPercent: -1 }, said: 'the budget is lifted: probes stay on whatever they cost' },
    needs: 'running',
    label: 'No budget',
    help: 'lift the budget of this session (:budget 5 sets one)',
  },
  {
    keys: ['enter'],
    views: ['tree'],
    action: { type: 'enter' },
    label: 'Fold',
    help: 'hide or show what a node calls',
    footer: 1,
  },
  {
    keys: ['enter'],
    views: ['history', 'sessions'],
    action: { type: 'enter' },
    label: 'Open',
    help: 'show the session in Live',
    footer: 1,
  },
  {
    keys: ['t'],
    views: ['live', 'detail'],
    action: { type: 'view', view: 'tree' },
    label: 'Tree',
    help: 'show the call tree',
    footer: 2,
  },
  {
    keys: ['a', 'F7'],
    action: { type: 'attach' },
    needs: 'colony',
    label: 'Attach',
    help: 'attach more functions to this session',
    footer: 3,
  },
  {
    keys: ['d', 'F8'],
    action: { type: 'detach' },
    needs: 'running',
    label: 'Detach',
    help: 'take the probes off now',
    footer: 4,
  },
  {
    keys: ['e'],
    views: [...MEASURED, 'sessions'],
    action: { type: 'extend' },
    needs: 'running',
    label: 'Extend',
    help: 'let the running session last a minute longer',
    footer: 8,
  },
  {
    keys: ['A'],
    views: MEASURED,
    action: { type: 'capture' },
    needs: 'running',
    label: 'Args',
    help: 'capture arguments and results of single calls, or stop',
    footer: 7,
  },
  {
    keys: ['/', 'F3', 'F4'],
    action: { type: 'filter' },
    label: 'Filter',
    help: "filter as you type: fuzzy, 'exact, !not, ~regex",
    footer: 5,
  },
  {
    keys: ['space', 'Z'],
    action: { type: 'freeze' },
    needs: 'session',
    label: 'Freeze',
    help: 'freeze what is shown while data flows on',
    footer: 6,
  },
  {
    keys: ['s', 'F2'],
    action: { type: 'snapshot' },
    needs: 'session',
    label: 'Snapshot',
    help: 'write the session as JSON to a file',
    footer: 9,
  },
  {
    keys: ['>', '.'],
    views: TABLES,
    action: { type: 'sort', by: 1 },
    label: 'Sort',
    help: 'sort by the next column',
    footer: 10,
  },
  { keys: ['<', ','], views: TABLES, action: { type: 'sort', by: -1 }, label: 'Sort back', help: 'sort by the column before' },
  { keys: ['I'], views: TABLES, action: { type: 'invert' }, label: 'Invert', help: 'invert the sort order' },
  {
    keys: ['c', 'y'],
    action: { type: 'copy' },
    label: 'Copy',
    help: 'copy the selection, or the command that repeats the view',
  },
  {
    keys: ['o'],
    views: ['live', 'detail'],
    action: { type: 'editor' },
    label: 'Editor',
    help: "open $EDITOR at the function's line",
  },
  { keys: ['?', 'F1'], action: { type: 'help' }, label: 'Keys', help: 'search the keys that work now', footer: 20 },
  { keys: ['q', 'F10'], action: { type: 'quit' }, label: 'Quit', help: 'leave; with probes attached, once more', footer: 21 },
  { keys: ['C-c'], action: { type: 'quit' }, label: 'Quit', help: 'leave, also while typing' },
  { keys: ['escape'], action: { type: 'back' }, label: 'Back', help: 'one level back', footer: 19 },
  { keys: ['tab'], action: { type: 'next-view', by: 1 }, label: 'Next', help: 'next view' },
  { keys: ['S-tab'], action: { type: 'next-view', by: -1 }, label: 'Previous', help: 'view before' },
  ...viewKeys,
  { keys: ['down'], action: { type: 'move', by: 1 }, label: 'Down', help: 'next row' },
  { keys: ['up'], action: { type: 'move', by: -1 }, label: 'Up', help: 'row before' },
  { keys: ['j'], action: { type: 'move', by: 1 }, label: 'Down', help: 'next row' },
  { keys: ['k'], action: { type: 'move', by: -1 }, label: 'Up', help: 'row before' },
  { keys: ['pagedown'], action: { type: 'move', by: 'page-down' }, label: 'Page down', help: 'a page down' },
  { keys: ['pageup'], action: { type: 'move', by: 'page-up' }, label: 'Page up', help: 'a page up' },
  { keys: ['C-d'], action: { type: 'move', by: 'half-down' }, label: 'Half down', help: 'half a page down' },
  { keys: ['C-u'], action: { type: 'move', by: 'half-up' }, label: 'Half up', help: 'half a page up' },
  { keys: ['g', 'home'], action: { type: 'move', by: 'first' }, label: 'First', help: 'first row' },
  { keys: ['G', 'end'], action: { type: 'move', by: 'last' }, label: 'Last', help: 'last row' },
  {
    keys: [':'],
    action: { type: 'command' },
    label: 'Command',
    help: 'type a command: filter, slower, sample, budget, attach',
  },
  { keys: ['F5', 'r'], action: { type: 'refresh' }, label: 'Refresh', help: 'ask again for what is listed' },
  { keys: ['C-l'], action: { type: 'redraw' }, label: 'Redraw', help: 'draw the whole screen again' },
  { keys: ['C-z'], action: { type: 'suspend' }, label: 'Suspend', help: 'back to the shell; fg returns' },
];

/** The bindings that work in a view, in table order. */
export function bindingsOf(view: View): readonly Binding[] {
  return BINDINGS.filter((binding) => binding.views?.includes(view) ?? true);
}
