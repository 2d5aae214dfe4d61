/** `coral top`: builds the edges and hands them to the loop. Nothing heavy is imported before the first frame. */

import { basename } from 'node:path';
import { CoralError } from '../proto/errors.js';
import { App } from './app.js';
import { glyphSet } from './cells/glyphs.js';
import { themeFor } from './cells/theme.js';
import { readConfig } from './config.js';
import { editAt } from './editor.js';
import type { Feed } from './feed/feed.js';
import { recall, remember } from './memory.js';
import { ownTerminal } from './screen/terminal.js';
import type { Event } from './state/action.js';

export interface TopOptions {
  /** Called once, after the first frame; a rejection is shown and F5 tries again. */
  readonly connect: () => Promise<Feed>;
  /** What the header says we are connected to. */
  readonly source: { readonly name: string; readonly live: boolean };
  /** Go to this service's functions at once. */
  readonly service?: string;
  /** Measure these functions of `service` at once. */
  readonly measure?: { readonly functions: readonly string[]; readonly durationMs?: number };
  /** Watch this session at once (a replayed file's). */
  readonly sessionId?: string;
}

/** Runs the workbench on the process's terminal; resolves with the exit status. Rejects with UNSUPPORTED on a dumb one. */
export async function runTop(options: TopOptions): Promise<number> {
  const config = readConfig();
  if (!config.canShow) throw unsupported();
  const app = new App({
    terminal: ownTerminal(),
    look: { theme: themeFor(config.colours), glyphs: glyphSet(config.glyphs) },
    terminalName: config.terminalName,
    mouse: config.mouse,
    nowMs: Date.now,
    source: options.source,
    connect: options.connect,
    ...(config.multiplexer === undefined ? {} : { multiplexer: config.multiplexer }),
    directory: process.cwd(),
    edit: (file, line) => editAt(config.editor, file, line),
    memory: recall(config.memoryPath),
    remember: (state) => remember(config.memoryPath, state),
    begin: beginningOf(options),
  });
  return app.finished;
}

const unsupported = (): CoralError =>
  new CoralError('UNSUPPORTED', 'a terminal of type "dumb" cannot show a screen', 'use coral top --once, or another TERM');

/** Opens a snapshot file; needs no privileges and no colony. Rejects with BAD_SNAPSHOT or USAGE before the screen opens. */
export async function runReplay(path: string): Promise<number> {
  const [{ readReplay }, { replayFeed }] = await Promise.all([import('./feed/read-replay.js'), import('./feed/replay-feed.js')]);
  const snapshot = await readReplay(path);
  const name = basename(path);
  return runTop({
    connect: async () => replayFeed(snapshot, name),
    source: { name, live: false },
    sessionId: snapshot.session_id,
  });
}

function beginningOf(options: TopOptions): Event[] {
  if (options.sessionId !== undefined) return [{ type: 'show-session', sessionId: options.sessionId }];
  const { service, measure } = options;
  if (service === undefined) return [];
  return [measure === undefined ? { type: 'show-service', service } : { type: 'measure', service, ...measure }];
}
