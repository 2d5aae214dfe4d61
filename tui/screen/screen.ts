/** The screen of the workbench: keys in, frames out, the terminal given back whatever happens. */

import type { Grid } from '../cells/grid.js';
import type { Input } from '../keys/key.js';
import { type CellScreen, openCellScreen } from './blessed-screen.js';
import { type Guard, guardTerminal, SWITCH_ON } from './restore.js';
import { Scheduler } from './scheduler.js';
import { TermIn } from './term-in.js';
import { TermOut } from './term-out.js';
import type { Terminal } from './terminal.js';

export interface ScreenEvents {
  inputs(inputs: readonly Input[]): void;
  resized(columns: number, rows: number): void;
  /** A signal asks to leave, with this exit status. */
  signalled(status: number): void;
  crashed(error: unknown): void;
  /** The frame to paint now. */
  frame(): Grid;
}

export class Screen {
  private readonly out: TermOut;
  private readonly keys: TermIn;
  private readonly cells: CellScreen;
  private readonly guard: Guard;
  readonly scheduler: Scheduler;
  /** While the shell or another program has the terminal, a frame that is due is not painted over theirs. */
  private lent = false;

  constructor(
    terminal: Terminal,
    private readonly events: ScreenEvents,
    terminalName: string,
    private readonly mouse: boolean,
  ) {
    this.out = new TermOut(terminal.output);
    this.guard = guardTerminal(terminal, terminalName, {
      onSignal: (status) => events.signalled(status),
      onCrash: (error) => {
        this.out.mute();
        events.crashed(error);
      },
      onStop: () => this.suspend(),
      onResume: () => this.resume(),
    });
    this.cells = openCellScreen(this.out, terminalName);
    this.scheduler = new Scheduler(this.target());
    this.keys = new TermIn(terminal.input, (inputs) => events.inputs(inputs));
    this.out.on('taken', () => this.scheduler.taken());
    this.out.on('lost', () => events.signalled(1));
    this.out.on('resize', () => events.resized(this.columns, this.rows));
    this.switchOn();
    this.keys.open();
  }

  get columns(): number {
    return this.out.columns;
  }

  get rows(): number {
    return this.out.rows;
  }

  /** Sends text of its own (a clipboard sequence) to the terminal. */
  send(text: string): void {
    this.out.write(text);
  }

  /** Forgets what is on the terminal and paints everything. */
  redraw(): void {
    this.cells.repaint(this.events.frame());
  }

  /** Gives the terminal to the shell until SIGCONT. */
  suspend(): void {
    this.giveBack();
    process.kill(process.pid, 'SIGSTOP');
  }

  /** Gives the terminal to another program for the time of a call. */
  lend(run: () => void): void {
    this.giveBack();
    try {
      run();
    } finally {
      this.resume();
    }
  }

  close(): void {
    this.scheduler.close();
    this.keys.close();
    this.out.mute();
    this.cells.destroy();
    this.guard.restore();
    this.guard.release();
  }

  private target(): { readonly busy: boolean; paint(): void } {
    const isBusy = (): boolean => this.lent || this.out.busy;
    return {
      get busy() {
        return isBusy();
      },
      paint: () => this.cells.paint(this.events.frame()),
    };
  }

  private giveBack(): void {
    this.lent = true;
    this.keys.close();
    this.cells.leave();
    this.guard.restore();
  }

  private switchOn(): void {
    this.guard.took();
    this.out.write(this.mouse ? SWITCH_ON : '\x1b[?2004h');
  }

  private resume(): void {
    this.lent = false;
    this.cells.enter();
    this.switchOn();
    this.keys.open();
    this.redraw();
  }
}
