/**
 * Open sessions, one small file each, so that the next colony knows at once which ones a kill ended, before the
 * history is open or when there is none.
 */

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import { makeDirectory } from '../../proto/make-directory.js';

interface Entry {
  /** Of the colony whose session it is. */
  readonly pid: number;
  readonly session: DebugSession;
}

export class Journal {
  constructor(
    private readonly directory: string,
    private readonly pid = process.pid,
    private readonly isAlive: (pid: number) => boolean = processLives,
  ) {}

  write(session: DebugSession): void {
    makeDirectory(this.directory);
    const path = this.#path(session.sessionId);
    writeFileSync(`${path}.new`, JSON.stringify({ pid: this.pid, session } satisfies Entry), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  remove(sessionId: string): void {
    rmSync(this.#path(sessionId), { force: true });
  }

  /** Sessions of colonies that are gone. An active one counts as interrupted. */
  abandoned(): DebugSession[] {
    return this.#entries()
      .filter(({ pid }) => pid !== this.pid && !this.isAlive(pid))
      .map(({ session }) => ({ ...session, status: session.status === 'active' ? 'interrupted' : session.status }));
  }

  #entries(): Entry[] {
    const names = readDirectory(this.directory).filter((name) => name.endsWith('.json'));
    return names.flatMap((name) => readEntry(join(this.directory, name)) ?? []);
  }

  #path(sessionId: string): string {
    return join(this.directory, `${sessionId}.json`);
  }
}

function readDirectory(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

/** A file that is no entry was cut by a full disk: nothing can be said of its session. */
function readEntry(path: string): Entry | undefined {
  try {
    const entry = JSON.parse(readFileSync(path, 'utf8')) as Entry;
    return { ...entry, session: DebugSession.fromPartial(entry.session) };
  } catch {
    rmSync(path, { force: true });
    return undefined;
  }
}

/** One that was killed and waits for its parent (in a container perhaps for ever) does not live. */
function processLives(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
