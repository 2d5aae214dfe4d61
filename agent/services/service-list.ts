/** What can be probed on this host, as the colony hears of it. */

import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import { processIdentity } from '../procfs/process-facts.js';
import type { ProbeTarget, ProcessScan } from '../procfs/scan-processes.js';
import type { Registry } from '../sdk/registry.js';

/** A look at all processes costs some milliseconds; a second is how long a new one may stay unseen. */
const SCAN_MS = 1000;

export interface ServiceListDuties {
  agentId: string;
  scan: ProcessScan;
  registry: Registry;
  /** Sessions that probe a process. */
  sessionsOf(pid: number): number;
  /** Sessions are open: their ticks should not be late. */
  isBusy(): boolean;
  /** The list differs from the one before. */
  changed(): void;
}

export class ServiceList {
  #services: Service[] = [];
  #shown = '';
  #last = { atNs: 0, cpuNs: new Map<number, number>() };
  #scanning: NodeJS.Timeout | undefined;

  constructor(private readonly duties: ServiceListDuties) {}

  /** As of the last look. */
  get services(): Service[] {
    return this.#services;
  }

  start(): void {
    this.#scanning = setInterval(() => this.look({ hasty: this.duties.isBusy() }), SCAN_MS);
  }

  stop(): void {
    clearInterval(this.#scanning);
  }

  /** Looks now. Large programs are read for the first time only when nobody waits. */
  look({ hasty = false }: { hasty?: boolean } = {}): Service[] {
    const targets = this.duties.scan.scan({ hasty });
    this.duties.registry.keepOnly(new Set(targets.map((target) => target.pid)));
    this.#services = this.#describe(targets).filter((service) => service.pid !== process.pid);
    const shown = JSON.stringify(this.#services);
    if (shown !== this.#shown) this.duties.changed();
    this.#shown = shown;
    return this.#services;
  }

  #describe(targets: readonly ProbeTarget[]): Service[] {
    const now = { atNs: performance.now() * 1e6, cpuNs: new Map(targets.map((target) => [target.pid, target.cpuNs])) };
    const services = targets.map((target) => this.#service(target, this.#cpuPercent(target, now.atNs)));
    this.#last = now;
    return services;
  }

  #service(target: ProbeTarget, cpuPercent: number): Service {
    const { agentId, registry, sessionsOf } = this.duties;
    const registration = registry.find(target.pid, processIdentity);
    return {
      service: registration?.service ?? target.service,
      agentId,
      pid: target.pid,
      executable: target.executable,
      language: target.language,
      symbols: target.symbols,
      buildId: target.buildId,
      probeable: target.probeable,
      reason: target.reason,
      reasonCode: target.reasonCode,
      registered: registration !== null,
      sessions: sessionsOf(target.pid),
      cpuPercent,
      functionCount: target.functionCount,
      languageVersion: target.languageVersion,
      startTimeTicks: target.startTimeTicks,
    };
  }

  /** Since the last look, in whole percent of one CPU; 0 for a process that was not there. */
  #cpuPercent({ pid, cpuNs }: ProbeTarget, atNs: number): number {
    const before = this.#last.cpuNs.get(pid);
    if (before === undefined || atNs <= this.#last.atNs) return 0;
    return Math.max(Math.round((100 * (cpuNs - before)) / (atNs - this.#last.atNs)), 0);
  }
}
