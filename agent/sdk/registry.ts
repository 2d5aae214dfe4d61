/** Programs that told their name: by pid, as long as the same process lives. Pure. */

import type { RegisterRequest } from '../../proto/gen/coral/sdk/v1/sdk.js';
import type { ProcessIdentity } from '../sessions/ports.js';

export interface Registration {
  service: string;
  environment: string;
  /** Where RuntimeMonitoring listens; empty: it does not. */
  monitoringAddress: string;
  /** That we show there. */
  token: string;
  identity: ProcessIdentity;
}

export class Registry {
  readonly #byPid = new Map<number, Registration>();

  /** Takes a registration; a later one of the same process replaces it. */
  register(request: RegisterRequest, identity: ProcessIdentity): void {
    const { pid, service, environment, monitoringAddr, token } = request;
    this.#byPid.set(pid, { service, environment, monitoringAddress: monitoringAddr, token, identity });
  }

  /** The registration of a process, unless another has its pid now. */
  find(pid: number, identityOf: (pid: number) => ProcessIdentity | null): Registration | null {
    const registration = this.#byPid.get(pid);
    return registration && registration.identity === identityOf(pid) ? registration : null;
  }

  /** Forgets processes that are gone. */
  keepOnly(pids: ReadonlySet<number>): void {
    for (const pid of this.#byPid.keys()) {
      if (!pids.has(pid)) this.#byPid.delete(pid);
    }
  }
}
