import test from 'ava';
import { replayFeed } from '../feed/replay-feed.js';
import { fakeSnapshot } from './fake-snapshot.js';
import { Harness } from './harness.js';

test('a snapshot opens with its last numbers, says how it ended and attaches nothing', async (t) => {
  const snapshot = { ...fakeSnapshot('dbg-9', ['main.a', 'main.b'], 30), end_reason: 'expired' as const };
  const h = new Harness(t, {
    feed: replayFeed(snapshot, 'session.json'),
    source: { name: 'session.json', live: false },
    begin: [{ type: 'show-session', sessionId: 'dbg-9' }],
  });
  const screen = await h.until('EXPIRED');
  t.regex(screen, /main\.a +6,000 /);
  h.type('a');
  await h.until('nothing can be attached');
  h.type('4');
  t.true((await h.until('OVER TIME')).includes('not before it was watched'));
  h.type('q');
  t.is(await h.app.finished, 0);
});
