/** When the windows of a session's functions open and close. */

import type { FunctionGroup } from './function-group.js';

/** Windows that end within this time close together, and those that would begin open together: taking probes off makes the agent wait some 20 ms. */
const CLOSE_TOGETHER_NS = 20e6;
const OPEN_TOGETHER_NS = 100e6;
/** Windows as short as this are waited for: a timer may come much later, and the program would be slowed meanwhile. */
const BRIEF_NS = 12e6;

/** What a turn does. */
export interface TurnDuties {
  switch(groups: readonly FunctionGroup[], open: boolean): void;
  /** Runs a turn, and takes what it throws: nobody else is there to hear of it. */
  attempt(turn: () => void): void;
}

export class WindowTurns {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly groups: readonly FunctionGroup[],
    private readonly nowNs: () => number,
    private readonly duties: TurnDuties,
  ) {}

  schedule(): void {
    this.stop();
    const dueNs = Math.min(...this.groups.map((group) => group.dueNs));
    if (dueNs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.duties.attempt(() => this.#turn()), Math.max((dueNs - this.nowNs()) / 1e6, 0));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Switches every function whose window is over, or begins. */
  #turn(): void {
    this.duties.switch(this.#due(true, CLOSE_TOGETHER_NS), false);
    if (this.#due(false, 0).length > 0) this.#open(this.#due(false, OPEN_TOGETHER_NS));
    this.schedule();
  }

  #open(groups: readonly FunctionGroup[]): void {
    this.duties.switch(groups, true);
    const untilNs = this.nowNs() + BRIEF_NS;
    const brief = groups.filter((group) => group.dueNs <= untilNs);
    if (brief.length === 0) return;
    waitNs(Math.min(...brief.map((group) => group.dueNs)) - this.nowNs());
    this.duties.switch(brief, false);
  }

  #due(open: boolean, aheadNs: number): FunctionGroup[] {
    const untilNs = this.nowNs() + aheadNs;
    return this.groups.filter((group) => group.isWindowed && group.isOpen === open && group.dueNs <= untilNs);
  }
}

const NEVER = new Int32Array(new SharedArrayBuffer(4));

function waitNs(ns: number): void {
  if (ns > 0) Atomics.wait(NEVER, 0, 0, ns / 1e6);
}
