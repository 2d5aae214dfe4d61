/** The processes of a session: who has exited, who runs another program now. */

import type { ProcessIdentity, Targets } from './ports.js';

/** Why a process left its session. */
export interface Departure {
  pid: number;
  code: 'PROCESS_LEFT' | 'TARGET_EXECED';
  message: string;
}

export class TargetWatch {
  readonly #identities: Map<number, ProcessIdentity>;
  /** Of the processes that have left: they keep what they had used. */
  #departedCpuNs = 0;
  readonly #cpuNs = new Map<number, number>();

  constructor(
    private readonly targets: Targets,
    identities: ReadonlyMap<number, ProcessIdentity>,
  ) {
    this.#identities = new Map(identities);
  }

  get pids(): number[] {
    return [...this.#identities.keys()];
  }

  join(pid: number, identity: ProcessIdentity): void {
    this.#identities.set(pid, identity);
  }

  lives(pid: number): boolean {
    return this.#identities.has(pid);
  }

  /** Processes that left since the last look. */
  departures(): Departure[] {
    const departures = [...this.#identities].flatMap(([pid, identity]) => departureOf(pid, identity, this.targets.identity(pid)));
    for (const { pid } of departures) this.#leave(pid);
    return departures;
  }

  /** CPU time of all processes since they started, ns. */
  cpuNs(): number {
    for (const pid of this.#identities.keys()) {
      const cpuNs = this.targets.cpuNs(pid);
      if (cpuNs !== null) this.#cpuNs.set(pid, cpuNs);
    }
    return this.#departedCpuNs + [...this.#cpuNs.values()].reduce((sum, cpuNs) => sum + cpuNs, 0);
  }

  #leave(pid: number): void {
    this.#identities.delete(pid);
    this.#departedCpuNs += this.#cpuNs.get(pid) ?? 0;
    this.#cpuNs.delete(pid);
  }
}

function departureOf(pid: number, before: ProcessIdentity, now: ProcessIdentity | null): Departure[] {
  if (now === before) return [];
  if (now === null) return [{ pid, code: 'PROCESS_LEFT', message: `process ${pid} has exited` }];
  return [{ pid, code: 'TARGET_EXECED', message: `process ${pid} runs another program now; its part of the session has ended` }];
}
