/** Tells when a private colony is needed by nobody: no stream and no session for a while. */

/** How long nobody may need it. */
export const IDLE_MS = 5000;

export class Idleness {
  readonly #ended: Promise<string>;
  #end: (why: string) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #streams = 0;
  #closed = false;

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

  /** A call came: the time starts anew. */
  touch(): void {
    clearTimeout(this.#timer);
    if (this.#streams === 0 && !this.#closed) this.#timer = setTimeout(() => this.#look(), this.idleMs);
  }

  /** A client attends; returns what to call when it has gone. */
  enter(): () => void {
    this.#streams++;
    clearTimeout(this.#timer);
    return () => {
      this.#streams--;
      this.touch();
    };
  }

  /** Streams that end later start no clock, which would keep the process. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #look(): void {
    if (this.isBusy()) this.touch();
    else this.#end(`nobody has needed it for ${this.idleMs} ms`);
  }
}
