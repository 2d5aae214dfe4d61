import test from 'ava';
import type { Snapshot } from '../../snapshots/document.js';
import type { FakeFeed } from './fake-feed.js';
import { measuring } from './harness.js';

const DETAIL = /▐4 Detail▌[\s\S]*SLOWEST/;

/** The wishes that the feed was last asked for. */
const wished = (feed: FakeFeed): Record<string, unknown> =>
  JSON.parse((feed.asked.at(-1) ?? '').replace('change dbg-1 ', '')) as Record<string, unknown>;

test.serial('Enter on a call shows all its values, who made it and when; Esc goes back', async (t) => {
  const { h, feed } = await measuring(t);
  feed.alter = (snapshot) => ({
    ...snapshot,
    slow_calls: snapshot.slow_calls.map((call) => ({
      ...call,
      arguments: [
        { name: 'userID', type: 'string', value: 'u_12345' },
        { name: 'card', type: 'string', redacted: true },
        { name: 'f', type: 'float64', unreadable: 'in a register that cannot be seen' },
        { name: 'body', type: '[]byte', value: '00ff', encoding: 'hex', len: 900, truncated: true },
        { name: 'o', type: '*main.Order', address: '0xc000', value: { ID: 7, Note: { unreadable: 'page not present' } } },
      ],
      results: [{ name: 'err', type: 'error', value: null }],
    })),
  });
  feed.advance('dbg-1', 1);
  await h.until('userID="u_12345"');
  h.type('\r');
  await h.until(DETAIL);
  h.type('\r');
  const sheet = await h.until('one of the slowest calls');
  for (const shown of [
    /took +\d+ms/,
    /goroutine +1883/,
    /thread +4712/,
    /process +4711/,
    /userID +string +"u_12345"/,
    /card +string +redacted/,
    /f +float64 +unreadable: in a register that cannot be seen/,
    /body +\[\]byte +0x00ff {2}\(cut, 900 in all\)/,
    /o +\*main\.Order +\(at 0xc000\)/,
    /Note +\?\(page not present\)/,
    /err +error +nil/,
  ])
    t.regex(sheet, shown);
  h.type('c');
  await h.until('copied: the call as JSON');
  const copied = h.written.map((text) => /\x1b\]52;c;([^\x07\x1b]+)/.exec(text)?.[1]).find(Boolean) ?? '';
  t.like(JSON.parse(Buffer.from(copied, 'base64').toString('utf8')), { function: 'main.validateCard', goroutine: 1883 });
  h.type('\x1b');
  await h.until(DETAIL);
});

test.serial('A captures values and is refused as a whole: the hint comes back', async (t) => {
  const { h, feed } = await measuring(t);
  feed.alter = withoutValues;
  feed.advance('dbg-1', 1);
  await h.until('(A: capture values)');
  h.type('A');
  await h.until('arguments and results of single calls are captured');
  t.is(wished(feed).captureValues, true);
  t.false((await h.text()).includes('(A: '));
  feed.change = async () => {
    throw new Error('no types in this program');
  };
  h.type(':filter n > 1\r');
  await h.until('no types in this program');
  t.false((await h.text()).includes('SHOWN: n > 1'));
});

test.serial('a filter, a threshold and a rate are kept together; a wrong filter says where', async (t) => {
  const { h, feed } = await measuring(t);
  h.type(':filter userID == "u_1" && duration > 50ms\r');
  await h.until('SHOWN: userID ==');
  h.type(':slower 1.5ms\r');
  await h.until('every call over 1.5ms');
  h.type(':sample 100\r');
  await h.until('one call in 100');
  t.deepEqual(wished(feed), {
    captureValues: false,
    filters: ['userID == "u_1" && duration > 50ms'],
    slowerThanNs: 1_500_000,
    sampleRate: 100,
    budgetPercent: 0,
  });
  h.type(':filter a ?\r');
  await h.until('unexpected character at character 3');
  h.type(':slower soon\r');
  await h.until('"soon" cannot be read: write slower 50ms');
  h.type(':filter\r');
  await h.until('no filter');
  t.deepEqual(wished(feed).filters, []);
});

test.serial('a typed command is brought back by Up, to be put right', async (t) => {
  const { h } = await measuring(t);
  h.type(':filter a ?\r');
  await h.until('unexpected character');
  h.type(':\x1b[A');
  t.true((await h.until(':filter a ?')).includes('filter userID == "u_1"'));
});

test.serial('calls shown singly appear under their reason, newest first, of each function', async (t) => {
  const { h, feed } = await measuring(t);
  h.type(':sample 2\r');
  await h.until('SHOWN: 1 in 2');
  const call = { function: 'main.validateCard', duration_ns: 5e6, thread: 1, pid: 4711 };
  feed.show('dbg-1', [
    { ...call, call_id: 'a', at: '2026-11-23T08:00:01Z', goroutine: 501 },
    { ...call, call_id: 'b', at: '2026-11-23T08:00:02Z', goroutine: 502 },
    { ...call, call_id: 'c', at: '2026-11-23T08:00:02Z', goroutine: 999, function: 'main.other' },
  ]);
  const screen = await h.until('g501');
  t.true(screen.indexOf('g502') < screen.indexOf('g501'));
  t.false(screen.includes('g999'));
});

test.serial('left and right go from function to function in Detail', async (t) => {
  const { h, feed } = await measuring(t);
  h.type(':attach main.hash2\r');
  feed.advance('dbg-1', 1);
  await h.until(/main\.hash2 +\d/);
  h.type('4');
  await h.until(/▐4 Detail▌[\s\S]*── main\.validateCard/);
  h.type('\x1b[C');
  await h.until('── main.hash2');
  h.type('\x1b[D');
  await h.until('── main.validateCard');
  t.pass();
});

function withoutValues(snapshot: Snapshot): Snapshot {
  return { ...snapshot, slow_calls: snapshot.slow_calls.map(({ arguments: _, ...call }) => call) };
}
