/** The loop of the workbench: inputs and outcomes become events, events a new state, states frames. */

import { clipboardSequence, type Multiplexer } from './clipboard.js';
import { messageOf, type Outside, runEffect } from './effects.js';
import type { Feed } from './feed/feed.js';
import { actionOf } from './keys/dispatch.js';
import type { Input } from './keys/key.js';
import { Screen } from './screen/screen.js';
import type { Terminal } from './screen/terminal.js';
import { FunctionSearch } from './search/function-search.js';
import type { Event } from './state/action.js';
import { reduce } from './state/reduce.js';
import { initialState, type Memory, type State } from './state/state.js';
import { unexplainedNames } from './state/unexplained.js';
import type { Look } from './view/draw.js';
import { frameOf } from './view/frame.js';

/** How often clocks on the screen move. */
const TICK_MS = 500;
/** Rows that stay this long are asked about. */
const EXPLAIN_WAIT_MS = 120;
/** At leaving, for the colony to answer that the probes are off. */
const DETACH_WAIT_MS = 1500;

export interface AppOptions {
  readonly terminal: Terminal;
  readonly look: Look;
  readonly terminalName: string;
  readonly mouse: boolean;
  readonly nowMs: () => number;
  readonly source: State['source'];
  /** Resolved after the first frame. */
  readonly connect: () => Promise<Feed>;
  readonly multiplexer?: Multiplexer;
  /** Where snapshots are written. */
  readonly directory: string;
  /** Runs the person's editor and returns when it has ended. */
  readonly edit: (file: string, line: number) => void;
  readonly memory?: Memory;
  /** Called with the last state. */
  readonly remember?: (state: State) => void;
  /** Events to begin with, once connected. */
  readonly begin?: readonly Event[];
}

/** A running workbench; it begins with its construction and ends with `finished`. */
export class App {
  private state: State;
  private readonly screen: Screen;
  private readonly search: FunctionSearch;
  private readonly outside: Outside;
  private readonly clock: NodeJS.Timeout;
  private explainTimer: NodeJS.Timeout | undefined;
  private readonly typedAhead: Input[] = [];
  private readonly begin: Event[];
  private connecting = false;
  private leaving = false;
  private ended = false;
  private finish: (status: number) => void = () => undefined;
  /** Exit status when the person left or a signal came. */
  readonly finished: Promise<number>;

  constructor(private readonly options: AppOptions) {
    this.begin = [...(options.begin ?? [])];
    this.finished = new Promise((resolve) => {
      this.finish = resolve;
    });
    this.screen = new Screen(options.terminal, this.screenEvents(), options.terminalName, options.mouse);
    const { columns, rows } = this.screen;
    this.state = initialState({ columns, rows, nowMs: options.nowMs(), source: options.source }, options.memory);
    this.search = new FunctionSearch((hits) => this.dispatch({ type: 'hits', hits }));
    this.outside = this.outsideOf();
    this.clock = setInterval(() => this.dispatch({ type: 'tick' }), TICK_MS);
    this.screen.scheduler.now();
    setImmediate(() => void this.connect());
  }

  /** The state on the screen, for tests. */
  get current(): State {
    return this.state;
  }

  private screenEvents(): ConstructorParameters<typeof Screen>[1] {
    return {
      inputs: (inputs) => {
        for (const input of inputs) this.input(input);
      },
      resized: (columns, rows) => this.dispatch({ type: 'resized', columns, rows }),
      signalled: (status) => void this.leave(status),
      crashed: (error) => {
        process.stderr.write(`coral top stopped: ${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
      frame: () => frameOf(this.state, this.options.look),
    };
  }

  private outsideOf(): Outside {
    const { screen, search, options } = this;
    return {
      search,
      directory: options.directory,
      dispatch: (event) => this.dispatch(event),
      copy: (text) => screen.send(clipboardSequence(text, options.multiplexer)),
      redraw: () => screen.redraw(),
      suspend: () => screen.suspend(),
      edit: (file, line) => screen.lend(() => options.edit(file, line)),
      connect: () => void this.connect(),
      quit: () => void this.leave(0),
    };
  }

  private async connect(): Promise<void> {
    if (this.connecting) return;
    this.connecting = true;
    await this.tryConnect();
    this.connecting = false;
  }

  private async tryConnect(): Promise<void> {
    try {
      this.dispatch({ type: 'connecting' });
      this.outside.feed = await this.options.connect();
      const status = await this.outside.feed.status();
      this.dispatch({ type: 'connected', status });
      for (const event of this.begin.splice(0)) this.dispatch(event);
    } catch (error) {
      this.dispatch({ type: 'disconnected', detail: messageOf(error) });
    }
  }

  /** Keys typed ahead of an Enter that waits for its rows are kept for after it; Esc and Ctrl-C are not. */
  private input(input: Input): void {
    const breaksOff = input.kind === 'key' && (input.key.name === 'escape' || input.key.name === 'C-c');
    if (breaksOff) this.typedAhead.length = 0;
    if (this.state.enterWhenReady !== undefined && !breaksOff) this.typedAhead.push(input);
    else this.obey(input);
  }

  /** A key that acts on rows acts on those of the filter as typed: the search is finished first. */
  private obey(input: Input): void {
    const action = actionOf(this.state, input);
    if (action === undefined) return;
    if (action.type !== 'edit') this.search.finish();
    this.dispatch({ type: 'action', action });
  }

  private dispatch(event: Event): void {
    const before = { ...this.state, nowMs: this.options.nowMs() };
    const { state, effects } = reduce(before, event);
    this.state = state;
    for (const effect of effects) runEffect(this.outside, effect);
    if (state === before) return;
    if (event.type === 'action' || event.type === 'resized') this.screen.scheduler.now();
    else this.screen.scheduler.soon();
    this.explainSoon();
    while (this.state.enterWhenReady === undefined && this.typedAhead.length > 0) this.obey(this.typedAhead.shift() as Input);
  }

  /** What a probe would cost is asked for rows that stay in sight for a moment. */
  private explainSoon(): void {
    if (this.state.view !== 'functions' || this.state.functions?.hits === undefined) return;
    clearTimeout(this.explainTimer);
    this.explainTimer = setTimeout(() => this.explain(), EXPLAIN_WAIT_MS);
  }

  private explain(): void {
    const names = unexplainedNames(this.state);
    const service = this.state.functions?.service;
    if (service !== undefined && names.length > 0) runEffect(this.outside, { type: 'explain', service, names });
  }

  /** Detaches what we attached, gives the terminal back, ends the loop. Asked again meanwhile, it ends at once. */
  async leave(status: number): Promise<void> {
    const asked = this.leaving;
    this.leaving = true;
    if (!asked) await this.detachOwn();
    this.end(status);
  }

  private end(status: number): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.clock);
    clearTimeout(this.explainTimer);
    this.search.close();
    this.outside.unwatch?.();
    this.screen.close();
    this.outside.feed?.close();
    this.options.remember?.(this.state);
    this.finish(status);
  }

  /** Our probes go with us; a colony that does not answer ends the session by itself. */
  private async detachOwn(): Promise<void> {
    const { session } = this.state;
    if (session === undefined || session.borrowed || session.status === 'ended' || session.id === '') return;
    const patience = new Promise<void>((resolve) => setTimeout(resolve, DETACH_WAIT_MS).unref());
    await Promise.race([this.outside.feed?.detach(session.id).catch(() => undefined), patience]);
  }
}
