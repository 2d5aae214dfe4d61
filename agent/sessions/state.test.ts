import test from 'ava';
import { type SessionOperation, type SessionState, TRANSITIONS, transition } from './state.js';

const OPERATIONS: SessionOperation[] = ['armed', 'failed', 'update', 'tick', 'end', 'ended', 'acknowledged'];

/** What each operation leads to, in the order of OPERATIONS; '-' ignored, '!' refused. */
const EXPECTED: Record<SessionState, string[]> = {
  opening: ['armed', 'gone', '!', '-', 'ending', '!', '!'],
  armed: ['!', '!', 'armed', 'armed', 'ending', '!', '!'],
  ending: ['-', 'gone', '!', '-', '-', 'ended', '!'],
  ended: ['!', '!', '!', '-', '-', '-', 'gone'],
  gone: ['!', '-', '!', '-', '-', '-', '-'],
};

for (const state of Object.keys(TRANSITIONS) as SessionState[]) {
  OPERATIONS.forEach((operation, i) => {
    const expected = EXPECTED[state][i];
    test(`In state '${state}' the operation '${operation}' gives ${expected}`, (t) => {
      if (expected === '!') t.throws(() => transition('dbg-1', state, operation));
      else t.is(transition('dbg-1', state, operation), expected === '-' ? null : (expected as SessionState));
    });
  });
}

test('An update of a session at its end says what to do', (t) => {
  const error = t.throws(() => transition('dbg-1', 'ended', 'update'));
  t.is(error.message, 'session dbg-1 cannot be changed: it is at its end');
  t.like(error, { code: 'SESSION_NOT_FOUND', hint: 'open a new session' });
});
