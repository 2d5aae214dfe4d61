import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { decodeSnapshot } from '../../snapshots/codec/codec.js';
import { FakeFeed } from './fake-feed.js';
import { Harness, measuring } from './harness.js';

test.serial('d detaches, the header says so and the last numbers stay', async (t) => {
  const { h } = await measuring(t);
  h.type('d');
  const screen = await h.until('DETACHED');
  t.regex(screen, /validateCard +400/);
});

test.serial('an exited target is said in the header and the last numbers stay', async (t) => {
  const { h, feed } = await measuring(t);
  feed.end('dbg-1', 'target_exited');
  const screen = await h.until('TARGET EXITED');
  t.regex(screen, /validateCard +400/);
  t.true(screen.includes('the target exited'));
});

test.serial('q asks once more while probes are attached, then detaches and leaves', async (t) => {
  const { h, feed } = await measuring(t);
  h.type('q');
  await h.until('once more detaches and quits');
  t.false(feed.asked.includes('detach dbg-1'));
  h.type('q');
  t.is(await h.app.finished, 0);
  t.true(feed.asked.includes('detach dbg-1'));
  t.true(h.written.join('').includes('\x1b[?1049l'));
});

test.serial('another key takes the question back', async (t) => {
  const { h, feed } = await measuring(t);
  h.type('q');
  await h.until('once more');
  h.type('jq');
  await h.until('once more');
  t.false(feed.asked.includes('detach dbg-1'));
});

test.serial('with nothing attached q and Ctrl-C leave at once, also while typing', async (t) => {
  for (const keys of ['q', '/abc\x03']) {
    const h = new Harness(t);
    await h.until('checkout');
    h.type(keys);
    t.is(await h.app.finished, 0);
  }
});

test.serial('s writes the document to a file and says where', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'coral-tui-'));
  const { h } = await measuring(t, { directory });
  h.type('s');
  await h.until('snapshot written to');
  const [file = ''] = await readdir(directory);
  t.regex(file, /^coral-dbg-1-/);
  t.is(decodeSnapshot(await readFile(join(directory, file))).session_id, 'dbg-1');
});

test.serial('a second request to leave does not wait for a colony that does not answer', async (t) => {
  const feed = new FakeFeed();
  feed.detach = () => new Promise(() => undefined);
  const { h } = await measuring(t, { feed });
  h.type('q');
  await h.until('once more');
  h.type('q');
  h.type('q');
  t.is(await h.app.finished, 0);
});

test.serial('the footer and ? name no key that would only say why it does nothing', async (t) => {
  const h = new Harness(t);
  const footer = async () => (await h.text()).split('\n').at(-1) ?? '';
  await h.until('checkout');
  t.notRegex(await footer(), /Detach|Freeze|Snapshot/);
  t.regex(await footer(), /Enter Functions.*a Attach.*q Quit/);
  h.type('\r');
  await h.until(/of [0-9,]+ +fuzzy/);
  t.is((await footer()).split('Attach').length, 2);
  const { h: measured, feed } = await measuring(t);
  const last = async () => (await measured.text()).split('\n').at(-1) ?? '';
  t.regex(await last(), /d Detach.*Space Freeze.*A Args.*e Extend.*s Snapshot/);
  feed.end('dbg-1', 'target_exited');
  await measured.until('TARGET EXITED');
  t.notRegex(await last(), /Detach|Args|Extend/);
  t.regex(await last(), /a Attach.*Space Freeze.*s Snapshot/);
  measured.type('?');
  t.notRegex(await measured.until('Enter runs one'), /take the probes off|capture arguments/);
});
