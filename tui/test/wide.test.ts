import test from 'ava';
import { FakeFeed, service } from './fake-feed.js';
import { Harness, measuring } from './harness.js';

/** The column of a text on the emulated terminal's row that holds it; the terminal's own widths count. */
function columnOf(h: Harness, rowHas: string, text: string): number {
  const { active } = h.term.buffer;
  for (let y = 0; y < h.term.rows; y++) {
    const cells = Array.from({ length: h.term.cols }, (_, x) => active.getLine(y)?.getCell(x)?.getChars() || ' ');
    const row = active.getLine(y)?.translateToString(true) ?? '';
    for (let x = 0; row.includes(rowHas) && x < cells.length; x++)
      if (cells.slice(x).filter(Boolean).join('').startsWith(text)) return x;
  }
  return -1;
}

test.serial('wide characters of names and values are shown, and what stands right of them keeps its column', async (t) => {
  const feed = new FakeFeed();
  feed.names = ['main.計算する', 'main.🚀launch', 'main.plain', 'main.한국어'];
  feed.serviceList = [service('商店', 4711, { cpuPercent: 12.4 }), service('shop', 4712, { cpuPercent: 12.4 })];
  const h = new Harness(t, { feed });
  await h.until('商店');
  t.is(columnOf(h, '商店', '12%'), columnOf(h, 'shop', '12%'));
  h.type('\r');
  await h.until('main.計算する');
  const aligned = ['main.計算する', 'main.🚀launch', 'main.한국어'].map((name) => columnOf(h, name, '/src'));
  t.deepEqual(aligned, Array(3).fill(columnOf(h, 'main.plain', '/src')));
});

test.serial('a wide filter is typed with the cursor behind it, and one key takes one character', async (t) => {
  const feed = new FakeFeed();
  feed.names = ['main.計算する', 'main.plain'];
  const h = new Harness(t, { feed });
  await h.until('checkout');
  h.type('\r');
  await h.until('2 of 2');
  h.type('計🚀算');
  // The emulator takes emoji for narrow; what comes after them stands where it should all the same.
  await h.until('/ 計🚀 算');
  h.type('\x1b[D\x7f');
  await h.until('/ 計算');
  h.type('\x05x');
  await h.until('/ 計算x');
  t.is(columnOf(h, '計算x', 'x'), 7);
});

test.serial('frames that change beside and within wide characters show what a whole redraw shows', async (t) => {
  const { h, feed } = await measuring(t);
  const LETTERS = Array.from('ab計算한🚀');
  const trimmed = (screen: string): string => screen.replace(/ +$/gm, '');
  let seed = 5;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const word = (): string => Array.from({ length: 1 + random(9) }, () => LETTERS[random(6)]).join('');
  for (let round = 0; round < 20; round++) {
    feed.alter = (snapshot) => ({
      ...snapshot,
      slow_calls: snapshot.slow_calls.map((call) => ({
        ...call,
        arguments: [
          { name: `r${round}`, type: 'string', value: word() },
          { name: 'v', type: 'string', value: word() },
        ],
      })),
    });
    feed.advance('dbg-1', 0.2);
    const stepped = await h.until(`r${round}=`);
    h.type('\x0c');
    await h.text();
    t.is(trimmed(await h.until(`r${round}=`)), trimmed(stepped));
  }
});
