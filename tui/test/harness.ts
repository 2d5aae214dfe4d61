/** The workbench on an emulated terminal: keys go in as bytes, the screen comes out as text. */

import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import type { ExecutionContext } from 'ava';
import { App } from '../app.js';
import { type GlyphSetName, glyphSet } from '../cells/glyphs.js';
import { type ColourDepth, themeFor } from '../cells/theme.js';
import type { Feed } from '../feed/feed.js';
import type { Event } from '../state/action.js';
import { FakeFeed } from './fake-feed.js';

export interface HarnessOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly colours?: ColourDepth;
  readonly glyphs?: GlyphSetName;
  readonly feed?: Feed;
  readonly directory?: string;
  readonly connect?: () => Promise<Feed>;
  readonly source?: { readonly name: string; readonly live: boolean };
  readonly begin?: readonly Event[];
}

/** Long enough for any search or outcome of a fake; only reached when something is wrong. */
const PATIENCE_MS = 5000;

export class Harness {
  readonly term: xterm.Terminal;
  readonly app: App;
  readonly input = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: () => undefined });
  readonly written: string[] = [];
  private readonly output: Writable & { columns: number; rows: number };
  nowMs = Date.parse('2026-11-23T08:00:00Z');

  constructor(t: ExecutionContext, options: HarnessOptions = {}) {
    const { columns = 120, rows = 40, colours = 256, glyphs = 'braille' } = options;
    this.term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    this.output = Object.assign(this.sink(), { columns, rows, isTTY: true });
    this.app = new App({
      terminal: { input: this.input, output: this.output, writeNow: (text) => void this.written.push(text) },
      look: { theme: themeFor(colours), glyphs: glyphSet(glyphs) },
      terminalName: 'xterm-256color',
      mouse: true,
      nowMs: () => this.nowMs,
      source: options.source ?? { name: 'fake', live: true },
      begin: options.begin ?? [],
      connect: options.connect ?? (async () => options.feed ?? new FakeFeed()),
      directory: options.directory ?? '.',
      edit: () => undefined,
    });
    t.teardown(() => this.app.leave(0));
  }

  /** Types bytes as a terminal sends them. */
  type(bytes: string): void {
    this.input.write(bytes);
  }

  resize(columns: number, rows: number): void {
    this.term.resize(columns, rows);
    Object.assign(this.output, { columns, rows });
    this.output.emit('resize');
  }

  /** The screen once `shown` is on it; throws with the screen when it does not come. */
  async until(shown: string | RegExp): Promise<string> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      const text = await this.text();
      if (typeof shown === 'string' ? text.includes(shown) : shown.test(text)) return text;
      if (Date.now() > giveUpAt) throw new Error(`${shown} never came:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The screen as it is, one line a row. */
  async text(): Promise<string> {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => this.term.write('', resolve));
    const { active } = this.term.buffer;
    return Array.from({ length: this.term.rows }, (_, y) => active.getLine(y)?.translateToString(true) ?? '').join('\n');
  }

  private sink(): Writable {
    return new Writable({
      write: (chunk, _encoding, done) => {
        this.written.push(String(chunk));
        this.term.write(chunk, done);
      },
    });
  }
}

/** From the start to live numbers. */
export const KEY_PATH = '/check\rvalid\r';

/** A harness that has walked the key path and shows two seconds of numbers. */
export async function measuring(
  t: ExecutionContext,
  options: HarnessOptions & { feed?: FakeFeed } = {},
): Promise<{ h: Harness; feed: FakeFeed }> {
  const feed = options.feed ?? new FakeFeed();
  const h = new Harness(t, { ...options, feed });
  h.type(KEY_PATH);
  await h.until('Waiting for the first numbers');
  feed.advance('dbg-1', 2);
  await h.until('LIVE');
  return { h, feed };
}
