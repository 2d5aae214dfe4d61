/** Processes that could join a session: new ones of its service, and forks of those that are in it. */

import type { ProcessIdentity, Targets } from './ports.js';

/** Looks at a process that cannot join yet (its libraries are still being loaded) before that is told. */
const TRIES = 5;

/** What a newcomer is looked for with. */
export interface NewcomerSources {
  targets: Targets;
  /** Processes of the session's service now. */
  replicas: () => number[];
}

interface Known {
  identity: ProcessIdentity;
  tries: number;
}

export class Newcomers {
  readonly #known = new Map<number, Known>();

  constructor(private readonly sources: NewcomerSources) {}

  /** Processes that are neither in the session nor given up on. */
  ofService(members: readonly number[]): { pid: number; identity: ProcessIdentity }[] {
    const candidates = [...this.sources.replicas(), ...this.#forks(members)];
    return [...new Set(candidates)].filter((pid) => !members.includes(pid)).flatMap((pid) => this.#untried(pid));
  }

  /** Forks that have not been told of yet; told when they are seen a second time, since most begin another program at once. */
  forksToTell(members: readonly number[]): { pid: number; parent: number }[] {
    const forks = members.flatMap((parent) => this.sources.targets.forks(parent).map((pid) => ({ pid, parent })));
    return forks.filter(({ pid }) => !members.includes(pid) && this.#count(pid) === 2);
  }

  /** Notes that a process could not join; true when that is to be told. */
  failed(pid: number): boolean {
    return this.#count(pid) === TRIES;
  }

  #forks(members: readonly number[]): number[] {
    return members.flatMap((pid) => this.sources.targets.forks(pid));
  }

  #untried(pid: number): { pid: number; identity: ProcessIdentity }[] {
    const identity = this.sources.targets.identity(pid);
    const known = this.#known.get(pid);
    if (identity === null || (known?.identity === identity && known.tries >= TRIES)) return [];
    return [{ pid, identity }];
  }

  /** Times that this process has been looked at. */
  #count(pid: number): number {
    const identity = this.sources.targets.identity(pid) ?? '';
    const known = this.#known.get(pid);
    const tries = known?.identity === identity ? known.tries + 1 : 1;
    this.#known.set(pid, { identity, tries });
    return tries;
  }
}
