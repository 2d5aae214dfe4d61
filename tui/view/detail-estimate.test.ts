import test from 'ava';
import type { SnapshotFunction } from '../../snapshots/document.js';
import type { Subject } from '../state/subject.js';
import { budgetLines } from './detail-estimate.js';

const steps = [
  { at: '', code: 'BUDGET_ENTRIES_WINDOWED', message: 'probes on 1000 functions cost 8.2 % of a CPU' },
  { at: '', code: 'BUDGET_WAITING_OFF', message: 'measuring the waiting has stopped' },
];

const said = (name: string, estimated: boolean): string => {
  const f = { name, latency: { estimated } } as SnapshotFunction;
  const subject = { f, session: { reading: { snapshot: { overhead: { steps } } } } } as unknown as Subject;
  return budgetLines(subject, 80)
    .flat()
    .map(({ text }) => text)
    .join('');
};

test('a step of functions that share their windows is told of each of them', (t) => {
  t.is(said('main.a', true), 'BUDGET  probes on 1000 functions cost 8.2 % of a CPU');
  t.is(said('main.b', false), '');
});
