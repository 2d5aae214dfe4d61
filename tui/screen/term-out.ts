/** The terminal's output: one chunk is one frame, shown at once (DEC 2026); a terminal that stalls stalls nobody. */

import { Writable } from 'node:stream';

const SYNC_ON = '\x1b[?2026h';
const SYNC_OFF = '\x1b[?2026l';

/** What the terminal's output must be able to do. */
export interface TerminalOutput extends NodeJS.WritableStream {
  readonly columns?: number;
  readonly rows?: number;
}

const FALLBACK_SIZE = { columns: 80, rows: 24 } as const;

export class TermOut extends Writable {
  readonly isTTY = true;
  private pending = 0;
  private muted = false;

  constructor(private readonly terminal: TerminalOutput) {
    super({ decodeStrings: false });
    terminal.on('resize', () => this.emit('resize'));
    terminal.on('error', (error) => this.emit('lost', error));
  }

  get columns(): number {
    return this.terminal.columns || FALLBACK_SIZE.columns;
  }

  get rows(): number {
    return this.terminal.rows || FALLBACK_SIZE.rows;
  }

  /** The terminal has not taken the last frame yet. */
  get busy(): boolean {
    return this.pending > 0;
  }

  /** From now on nothing is sent: the terminal is no longer ours. */
  mute(): void {
    this.muted = true;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.muted) this.send(chunk.toString());
    done();
  }

  private send(frame: string): void {
    this.pending++;
    this.terminal.write(`${SYNC_ON}${frame}${SYNC_OFF}`, () => this.taken());
  }

  private taken(): void {
    this.pending--;
    if (!this.busy) this.emit('taken');
  }
}
