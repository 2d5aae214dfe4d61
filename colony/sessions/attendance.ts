/** Who watches which session: attended sessions end when nobody has watched them for a while. */

import type { Session } from './session.js';

/** Without a watcher, an attended session lives this long. */
const UNATTENDED_MS = 1000;

/** The first watcher comes after the answer to OpenSession. */
const FIRST_WATCH_MS = 5000;

export class Attendance {
  readonly #watchers = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** `abandon` ends a session that nobody attends. */
  constructor(private readonly abandon: (session: Session) => void) {}

  /** Whether anybody watches now. */
  isWatched(session: Session): boolean {
    return (this.#watchers.get(session.id) ?? 0) > 0;
  }

  opened(session: Session): void {
    if (session.attended) this.#endLater(session, FIRST_WATCH_MS);
    session.once('ended', () => this.#forget(session));
  }

  /** @returns what to call when this watcher has gone. */
  enter(session: Session): () => void {
    this.#watchers.set(session.id, (this.#watchers.get(session.id) ?? 0) + 1);
    clearTimeout(this.#timers.get(session.id));
    return () => this.#leave(session);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #leave(session: Session): void {
    const left = (this.#watchers.get(session.id) ?? 1) - 1;
    this.#watchers.set(session.id, left);
    if (left > 0) return;
    this.#watchers.delete(session.id);
    if (session.attended && !session.ended) this.#endLater(session, UNATTENDED_MS);
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
