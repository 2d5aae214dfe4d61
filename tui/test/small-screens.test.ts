import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import { FakeFeed } from './fake-feed.js';
import { fakeSnapshot } from './fake-snapshot.js';
import { measuring } from './harness.js';

for (const [columns, rows, shown] of [
  [40, 10, /^ coral chec… cost \S+ lost 0 LIVE \d/],
  [60, 15, /^ coral checkout .*hits\/s cost \S+ lost 0 LIVE \d/],
] as const)
  test.serial(`${columns}x${rows} has room for what says whether to trust the figures, and for the current tab`, async (t) => {
    const { h, feed } = await measuring(t, { columns, rows });
    h.nowMs = Date.now();
    feed.advance('dbg-1', 1);
    t.notRegex(await h.until(shown), /go1\.26/);
    h.type('6');
    await h.until('▐6 Hist▌');
    h.type('7');
    await h.until('▐7 Sess▌');
    h.type('\x1b[<0;2;2M');
    await h.until('▐1 Svc▌');
  });

test.serial('what a small screen cuts ends in a sign of it, and a notice leaves rows in sight', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-a-directory-with-a-name-of-more-than-eighty-cells-which-is-three-lines-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const { h } = await measuring(t, { columns: 40, rows: 10, directory });
  h.type('s');
  t.regex(await h.until('snapshot written to'), /validateCard[\s\S]*snapshot written to\n .*… *\n Enter/);
  h.type('4');
  await h.until(/^── main\.validateCard {2}…\S+\.go:88 ─/m);
  h.type(':');
  await h.until(/^ : .*…$/m);
});

test.serial('80 columns have room for the column that sorts, and past sessions have no time left', async (t) => {
  const feed = new FakeFeed();
  const session = DebugSession.fromPartial({ sessionId: 'dbg-old', serviceName: 'ledger', status: 'expired' });
  feed.sessionList = [session];
  feed.past = [{ session, snapshot: fakeSnapshot('dbg-old', ['main.post'], 5) }];
  const { h } = await measuring(t, { columns: 80, rows: 24, feed });
  h.type('7');
  t.regex(await h.until(/STARTED▼/), /SESSION .*STATUS +LEFT +STARTED▼/);
  h.type('6');
  t.notRegex(await h.until(/6 Hist▌[\s\S]*SESSION .*STATUS +STARTED▼/), /LEFT/);
  h.type('>');
  await h.until(/EVENTS▼/);
  h.resize(40, 10);
  await h.until(/SERVICE .*EVENTS▼/);
  h.type('<');
  await h.until(/SERVICE +FUNCTIONS +STARTED▼/);
});
