import test from 'ava';
import { endReasonOf } from './end-reason.js';

test('what somebody ordered outweighs what happened', (t) => {
  t.is(endReasonOf(['expired', 'detached']), 'detached');
  t.is(endReasonOf(['target_exited', 'budget']), 'budget');
});

test('one lost agent does not make a session lost, all of them do', (t) => {
  t.is(endReasonOf(['expired', 'agent_lost']), 'expired');
  t.is(endReasonOf(['agent_lost']), 'agent_lost');
});
