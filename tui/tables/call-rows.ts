/** Single calls of a function, as Detail lists them: slowest, those shown by a wish, open now. */

import type { OpenCallRow, SingleCall } from '../../snapshots/document.js';
import type { Session } from '../state/state.js';

export type CallSection = 'slowest' | 'shown' | 'open';

/** One call by identity. */
export type CallRow =
  | { readonly key: string; readonly section: 'slowest' | 'shown'; readonly ended: SingleCall }
  | { readonly key: string; readonly section: 'open'; readonly open: OpenCallRow };

/** Of what the rows are. */
interface Whose {
  readonly name: string;
  /** Only of this process. */
  readonly pid?: number;
}

/** The calls in the order shown: slowest by time, shown ones newest first, open ones oldest first. */
export function callRows(session: Session, whose: Whose): readonly CallRow[] {
  const { slow_calls = [], open_calls = [] } = session.reading?.snapshot ?? {};
  const slowest = slow_calls.filter(isOf(whose)).sort((a, b) => Number(b.duration_ns) - Number(a.duration_ns));
  return [
    ...slowest.map(endedRow('slowest')),
    ...(session.singles.get(whose.name) ?? []).filter(isOf(whose)).map(endedRow('shown')),
    ...open_calls.filter(isOf(whose)).map(openRow),
  ];
}

const isOf =
  ({ name, pid }: Whose) =>
  (call: { readonly function: string; readonly pid: number }): boolean =>
    call.function === name && (pid === undefined || call.pid === pid);

const endedRow =
  (section: 'slowest' | 'shown') =>
  (ended: SingleCall): CallRow => ({ key: `${section} ${ended.pid} ${ended.call_id} ${ended.at}`, section, ended });

const openRow = (open: OpenCallRow, i: number, all: readonly OpenCallRow[]): CallRow => {
  const who = whoText(open);
  const depth = all.slice(0, i).filter((other) => other.pid === open.pid && whoText(other) === who).length;
  return { key: `open ${open.pid} ${who} ${depth}`, section: 'open', open };
};

/** `g1883`, or `t4712` where there is no goroutine. */
export const whoText = (call: { goroutine?: number; thread?: number }): string =>
  call.goroutine ? `g${call.goroutine}` : call.thread ? `t${call.thread}` : '';
