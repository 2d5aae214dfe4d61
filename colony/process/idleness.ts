/** Tells when a private colony is needed by nobody: no stream and no session for a while. */

import { CoralError } from '../../proto/errors.js';

/** How long nobody may need it. */
export const IDLE_MS = 5000;

export class Idleness {
  readonly #ended: Promise<string>;
  #end: (why: string) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #streams = 0;
  #closed = false;
  #isOver = false;

  /** `isBusy` says whether a session is open. */
  constructor(
    private readonly isBusy: () => boolean,
    private readonly idleMs = IDLE_MS,
  ) {
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.touch();
  }

  /** Resolves when nobody has needed the colony for `idleMs`. */
  get reached(): Promise<string> {
    return this.#ended;
  }

  /** A call came: the time starts anew. Throws COLONY_UNREACHABLE once it is over: what began now would be ended with the colony. */
  touch(): void {
    if (this.#isOver) throw ending();
    clearTimeout(this.#timer);
    if (this.#streams === 0 && !this.#closed) this.#timer = setTimeout(() => this.#look(), this.idleMs);
  }

  /** A client attends; returns what to call when it has gone. Throws like `touch`. */
  enter(): () => void {
    if (this.#isOver) throw ending();
    this.#streams++;
    clearTimeout(this.#timer);
    return () => {
      this.#streams--;
      if (!this.#isOver) this.touch();
    };
  }

  /** Streams that end later start no clock, which would keep the process. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #look(): void {
    if (this.isBusy()) {
      this.touch();
      return;
    }
    this.#isOver = true;
    this.#end(`nobody has needed it for ${this.idleMs} ms`);
  }
}

/** The caller starts another one. */
const ending = (): CoralError =>
  new CoralError('COLONY_UNREACHABLE', 'the private colony is ending, since nobody has needed it', 'run the command again');
