/** Who watches which session: attended sessions end when nobody has watched them for a while. */

import type { Session } from './session.js';

/** Without a watcher, an attended session lives this long. */
const UNATTENDED_MS = 1000;

/** The first watcher comes after the answer to OpenSession. */
const FIRST_WATCH_MS = 5000;

export class Attendance {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** `abandon` ends a session that nobody attends. */
  constructor(private readonly abandon: (session: Session) => void) {}

  opened(session: Session): void {
    if (session.attended) this.#endLater(session, FIRST_WATCH_MS);
    session.once('ended', () => this.#forget(session));
  }

  /** @returns what to call when this watcher has gone. */
  enter(session: Session): () => void {
    session.watchers++;
    clearTimeout(this.#timers.get(session.id));
    return () => this.#leave(session);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #leave(session: Session): void {
    session.watchers--;
    if (session.watchers === 0 && session.attended && !session.ended) this.#endLater(session, UNATTENDED_MS);
  }

  #endLater(session: Session, afterMs: number): void {
    clearTimeout(this.#timers.get(session.id));
    this.#timers.set(
      session.id,
      setTimeout(() => this.abandon(session), afterMs),
    );
  }

  #forget(session: Session): void {
    clearTimeout(this.#timers.get(session.id));
    this.#timers.delete(session.id);
  }
}
