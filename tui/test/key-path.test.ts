import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { FakeFeed, service } from './fake-feed.js';
import { fakeSnapshot } from './fake-snapshot.js';
import { Harness, KEY_PATH, measuring } from './harness.js';

test.serial('the first frame comes before the feed and says that it connects', async (t) => {
  const h = new Harness(t, { connect: () => new Promise(() => undefined) });
  t.true((await h.until('connecting')).includes('Services'));
});

test.serial('the whole way is /check Enter valid Enter, also when typed at once before anything has arrived', async (t) => {
  const { h, feed } = await measuring(t);
  const screen = await h.until('main.validateCard');
  t.deepEqual(feed.asked, ['functions checkout', 'open checkout main.validateCard', 'watch dbg-1']);
  t.regex(screen, /main\.validateCard +400 +200 /);
  t.true(screen.includes('400 calls = 399 returned + 1 open + 0 unwound'));
});

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [200, 60],
] as const) {
  for (const colours of [256, 16, 'mono'] as const) {
    test.serial(`live numbers fit ${columns}x${rows} in ${colours}`, async (t) => {
      const { h } = await measuring(t, { columns, rows, colours, glyphs: colours === 'mono' ? 'ascii' : 'braille' });
      const screen = await h.until('validateCard');
      t.regex(screen, /P50 +P95. *P99 +MAX/);
      t.regex(screen, /18\.0ms +61\.2ms +103ms +211ms/);
      t.regex(screen.split('\n').at(-1) ?? '', /Enter Detail.*q Quit/);
      if (colours === 'mono') t.false([...screen].some((c) => c > '~'));
    });
  }
}

test.serial('every view draws at every size without leaving the screen', async (t) => {
  const { h } = await measuring(t);
  for (const [columns, rows] of [
    [250, 70],
    [80, 24],
    [40, 10],
    [41, 11],
    [200, 60],
  ] as const) {
    h.resize(columns, rows);
    for (let view = 0; view < 7; view++) {
      h.type('\t');
      const screen = await h.until(new RegExp(`^ coral.*\\n(.*\\n){${rows - 2}} (Enter|Esc) .*$`));
      t.is(screen.split('\n').length, rows);
    }
  }
});

test.serial('functions named on the command line are measured at once, and view 2 has the others of their service', async (t) => {
  const feed = new FakeFeed();
  const h = new Harness(t, { feed, begin: [{ type: 'measure', service: 'checkout', functions: ['main.validateCard'] }] });
  await h.until('LIVE');
  h.type('2');
  await h.until(/of [0-9,]+ +fuzzy/);
  t.true(feed.asked.includes('functions checkout'));
});

test.serial('80 columns have room for the rate, and for what the probes cost', async (t) => {
  const { h, feed } = await measuring(t, { columns: 80, rows: 24 });
  h.nowMs = Date.now();
  feed.advance('dbg-1', 1);
  await h.until(/^ coral {2}checkout · pid 4711 .* hits\/s .*cost .*lost 0 .*LIVE/);
  t.pass();
});

test.serial('what has no room beside the name goes with what comes after it', async (t) => {
  const feed = new FakeFeed();
  feed.serviceList = [service('checkout', 12345678901, { languageVersion: 'go1' })];
  const { h } = await measuring(t, { columns: 80, rows: 24, feed });
  feed.alter = (snapshot) => ({ ...snapshot, pids: [12345678901] });
  h.nowMs = Date.now();
  feed.advance('dbg-1', 1);
  t.notRegex(await h.until(/^ coral {2}check.* LIVE \d:/), /go1/);
});

test.serial('below 40x10 it says so and goes on', async (t) => {
  const { h } = await measuring(t);
  h.resize(38, 9);
  await h.until('too small: 38x9, need 40x10');
  h.resize(80, 24);
  t.true((await h.until('LIVE')).includes('validateCard'));
});

test.serial('space freezes what is shown while data flows on', async (t) => {
  const { h, feed } = await measuring(t);
  await h.until(/validateCard +400/);
  h.type(' ');
  await h.until('PAUSED');
  feed.advance('dbg-1', 3);
  t.regex(await h.text(), /validateCard +400/);
  h.type(' ');
  t.regex(await h.until('LIVE'), /validateCard +1,000/);
});

test.serial('a attaches another function to the same session', async (t) => {
  const { h, feed } = await measuring(t);
  h.type('a');
  await h.until('10 of 10');
  h.type('checkout\r');
  await h.until(/3 Live/);
  feed.advance('dbg-1', 1);
  await h.until('(*Server).Checkout');
  t.is(feed.asked.at(-1), 'add dbg-1 main.(*Server).Checkout');
});

test.serial('a refused attach goes back to the functions and says why', async (t) => {
  const feed = new FakeFeed();
  feed.refuse.set('main.validateCard', 'inlined everywhere');
  const h = new Harness(t, { feed });
  h.type(KEY_PATH);
  const screen = await h.until('inlined everywhere (choose a caller of it)');
  t.true(screen.includes('▐2 Functions▌'));
});

test.serial('? finds a key by its words and Enter runs it', async (t) => {
  const { h } = await measuring(t);
  h.type('?');
  await h.until('type to search');
  h.type('call tree');
  await h.until('show the call tree');
  h.type('\r');
  t.true((await h.until('▐5 Tree▌')).includes('TOTAL'));
});

test.serial('? keeps keys, names and words apart, says what part of the list is shown and is paged through', async (t) => {
  const { h } = await measuring(t, { columns: 80, rows: 24 });
  h.type('\r');
  await h.until('4 Detail▌');
  h.type('?');
  const first = await h.until(/1 to 17 of \d+/);
  t.regex(first, /right l +Next +the next function of the session/);
  h.type('\x1b[6~');
  t.regex(await h.until(/18 to 34 of 42/), /one ─+\n▌/);
  h.type('\x1b[F');
  await h.until(/▌ Ctrl-Z +Suspend +back to the shell/);
  h.type('\x1b[A');
  t.regex(await h.until(/▌ Ctrl-L/), /26 to 42 of 42/);
  h.type('\x1b[H');
  await h.until(/▌ Enter +Call/);
  h.type('function before');
  t.notRegex(await h.until('? function before'), / to \d+ of /);
  h.type('zzz');
  await h.until('No key fits.');
});

test.serial('80 columns have room for every sentence of ?', async (t) => {
  const { h } = await measuring(t, { columns: 80, rows: 60 });
  for (const view of ['Svc', 'Fn', 'Live', 'Detail', 'Tree', 'Hist', 'Sess']) {
    h.type('\x1b[Z');
    h.type('\x1bOP');
    t.false((await h.until(/back to the shell/)).includes('…'), view);
    h.type('\x1b');
    await h.until(/^(?!.*back to the shell)/s);
  }
});

test.serial('Tab goes as far as the commands that fit go, and completes a single one', async (t) => {
  const { h } = await measuring(t);
  for (const [typed, line] of [
    [':s\t', ':s '],
    ['n\t', ':snapshot '],
    ['\x15ses\t', ':sessions '],
    ['\x15de\t', ':deta '],
    ['i\t', ':detail '],
    ['\x15none\t', ':none '],
    ['\x15fil\tn > 1', ':filter n > 1'],
  ] as const) {
    h.type(typed);
    await h.until(new RegExp(`^ ${line}`, 'm'));
  }
  t.pass();
});

test.serial('History says that it is being read, that there is none, or that none fits', async (t) => {
  const feed = new FakeFeed();
  let answer: (past: []) => void = () => undefined;
  feed.history = () => new Promise((resolve) => (answer = resolve));
  const { h } = await measuring(t, { feed });
  h.type('6');
  await h.until('Reading the history…');
  answer([]);
  await h.until('No past session of this service.');
  h.type('/zzz');
  await h.until('No session fits the filter.');
  t.pass();
});

for (const [view, keys] of [
  ['Functions', '/check\r~(\\w+)+='],
  ['Services', '/~(\\w+)+-'],
] as const)
  test.serial(`an expression that takes for ever is said to in ${view}, and the keys go on`, async (t) => {
    const feed = new FakeFeed();
    const endless = 'a'.repeat(80);
    feed.names = [...feed.names, `main.${endless}`];
    feed.serviceList = [...feed.serviceList, service(endless, 5)];
    const h = new Harness(t, { feed });
    await h.until('checkout');
    h.type(keys);
    await h.until('that expression takes too long');
    h.type('\x15~ma?in|check');
    await h.until(view === 'Functions' ? /[1-9] of 11/ : /1 shown/);
    h.type('\x03');
    t.is(await h.app.finished, 0);
  });

test.serial('a pasted q is typed into an open filter and does nothing elsewhere', async (t) => {
  const h = new Harness(t);
  await h.until('checkout');
  h.type('\x1b[200~qqq\x1b[201~');
  h.type('/\x1b[200~pay\nments\x1b[201~');
  t.regex(await h.until('/ pay ments'), /1 shown/);
});

test.serial('Esc goes one level back and never out', async (t) => {
  const { h } = await measuring(t);
  for (let i = 0; i < 8; i++) {
    h.type('\x1b');
    await h.text();
  }
  await h.until('▐1 Services▌');
  t.pass();
});

test.serial(':attach takes globs', async (t) => {
  const { h, feed } = await measuring(t);
  h.type(':attach main.* net/http.*\r');
  await h.until('Enter Detail');
  t.is(feed.asked.at(-1), 'add dbg-1 main.*,net/http.*');
});

test.serial('a click on a tab shows its view, a click on a row selects it, the wheel moves', async (t) => {
  const h = new Harness(t);
  await h.until('checkout');
  h.type('\x1b[<0;10;6M');
  await h.until('▌ payments');
  h.type('\x1b[<64;10;6M');
  await h.until('▌ checkout');
  h.type('\x1b[<0;64;2M');
  await h.until('▐7 Sessions▌');
  t.pass();
});

test.serial('the selection stays on its row when the rows change places', async (t) => {
  const feed = new FakeFeed();
  const h = new Harness(t, { feed });
  await h.until('▌ checkout');
  h.type('j');
  await h.until('▌ payments');
  feed.serviceList = [service('aaa', 1), ...feed.serviceList];
  h.type('r');
  await h.until('aaa');
  t.regex(await h.text(), /▌ payments/);
});

test.serial('a colony that cannot be reached is told with its hint, and F5 tries again', async (t) => {
  let tries = 0;
  const connect = async () => {
    if (tries++ === 0) throw new CoralError('COLONY_UNREACHABLE', 'no colony at unix:/run/x', 'start one');
    return new FakeFeed();
  };
  const h = new Harness(t, { connect });
  t.regex(await h.until('not connected'), /Not connected: no colony at unix:\/run\/x \(start one\)\. F5 tries again/);
  h.type('\x1b[15~');
  await h.until('payments');
  t.is(tries, 2);
});

test.serial('d, e and s in History are about the selected session, not the one that runs', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-top-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const feed = new FakeFeed();
  const session = {
    ...{
      sessionId: 'dbg-old',
      serviceName: 'ledger',
      functionName: 'main.post',
      agentId: 'vm',
      status: 'expired',
      eventCount: 1,
    },
    ...{ startedAt: { seconds: 1, nanos: 0 }, expiresAt: undefined, endedAt: { seconds: 2, nanos: 0 } },
    ...{ functions: ['main.post'], pids: [1], requestedBy: 'ann' },
  };
  feed.past = [{ session, snapshot: fakeSnapshot('dbg-old', ['main.post'], 5) }];
  const { h } = await measuring(t, { feed, directory });
  h.type('6');
  await h.until('ledger');
  h.type('d');
  await h.until('that session has ended');
  h.type('es');
  await h.until('snapshot written to');
  const [file] = readdirSync(directory);
  t.regex(file!, /^coral-dbg-old-/);
  t.is(statSync(join(directory, file!)).mode & 0o777, 0o600);
  t.deepEqual(
    feed.asked.filter((asked) => /^(detach|extend|snapshot)/.test(asked)),
    ['snapshot dbg-old'],
  );
});
