/** Processes that could join a session: new ones of its service, and forks of those that are in it. */

import { CoralError } from '../../proto/errors.js';
import { KernelError } from '../kernel/kernel-error.js';
import type { ProcessIdentity, Targets } from './ports.js';

/** Looks at a process that cannot join yet (its libraries are still being loaded) before that is told. */
const TRIES = 5;

/** What a session does about newcomers. */
export interface NewcomerDuties {
  targets: Targets;
  /** Processes of the session's service now. */
  replicas(): number[];
  /** Throws when the process cannot be probed. */
  join(pid: number): Promise<void>;
  tell(code: string, message: string): void;
  /** A look broke on what nobody foresaw. */
  failed(error: unknown): void;
}

interface Known {
  identity: ProcessIdentity;
  tries: number;
}

export class Newcomers {
  readonly #known = new Map<number, Known>();

  #joining = false;

  /** `standing`: processes of the service join; else forks are only told of. */
  constructor(
    private readonly standing: boolean,
    private readonly duties: NewcomerDuties,
  ) {}

  /** One look a tick: the next process joins. */
  look(members: readonly number[]): void {
    if (!this.standing) this.#tellOfForks(members);
    else if (!this.#joining) void this.#joinNext(members).catch((error) => this.duties.failed(error));
  }

  /** When a fork is seen a second time: most begin another program at once. */
  #tellOfForks(members: readonly number[]): void {
    for (const parent of members) {
      for (const pid of this.duties.targets.forks(parent)) {
        if (members.includes(pid) || this.#count(pid) !== 2) continue;
        const message = `process ${parent} has forked process ${pid}, which is not measured: the session is of the processes that it was opened on`;
        this.duties.tell('FORK_NOT_FOLLOWED', message);
      }
    }
  }

  async #joinNext(members: readonly number[]): Promise<void> {
    const next = this.#next(members);
    if (next === undefined) return;
    this.#joining = true;
    try {
      await this.duties.join(next);
    } catch (error) {
      if (!(error instanceof CoralError || error instanceof KernelError)) throw error;
      if (this.#count(next) === TRIES)
        this.duties.tell('PROCESS_NOT_JOINED', `process ${next} is not measured: ${error.message}`);
    } finally {
      this.#joining = false;
    }
  }

  /** A process that is neither in the session nor given up on. */
  #next(members: readonly number[]): number | undefined {
    const candidates = [...this.duties.replicas(), ...this.#forks(members)];
    return candidates.find((pid) => !members.includes(pid) && this.#isUntried(pid));
  }

  #forks(members: readonly number[]): number[] {
    return members.flatMap((pid) => this.duties.targets.forks(pid));
  }

  #isUntried(pid: number): boolean {
    const identity = this.duties.targets.identity(pid);
    const known = this.#known.get(pid);
    return identity !== null && (known?.identity !== identity || known.tries < TRIES);
  }

  /** Times that this process has been looked at. */
  #count(pid: number): number {
    const identity = this.duties.targets.identity(pid) ?? '';
    const known = this.#known.get(pid);
    const tries = known?.identity === identity ? known.tries + 1 : 1;
    this.#known.set(pid, { identity, tries });
    return tries;
  }
}
