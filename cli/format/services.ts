/** `coral services`. Pure. */

import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import { formatTable } from './table.js';

/** The contract's JSON: `{"services":[…]}`. */
export function servicesJson(services: readonly Service[]): string {
  return `${JSON.stringify({ services: services.map(serviceRow) })}\n`;
}

/** What can be probed first, each group by name and pid. */
export function servicesTable(services: readonly Service[]): string {
  const columns = [
    { title: 'SERVICE' },
    { title: 'PID', align: 'right' },
    { title: 'LANGUAGE' },
    { title: 'SYMBOLS' },
    { title: 'SESSIONS', align: 'right' },
    { title: 'STATE' },
  ] as const;
  return formatTable(
    columns,
    [...services]
      .sort(byUse)
      .map((service) => [
        service.service,
        String(service.pid),
        service.languageVersion || service.language,
        service.symbols,
        String(service.sessions),
        service.probeable ? 'probeable' : `no: ${service.reason}`,
      ]),
  );
}

function serviceRow(service: Service) {
  return {
    service: service.service,
    pid: service.pid,
    executable: service.executable,
    language: service.language,
    symbols: service.symbols,
    build_id: service.buildId,
    probeable: service.probeable,
    reason: service.reason === '' ? null : service.reason,
    registered: service.registered,
    sessions: service.sessions,
    agent: service.agentId,
    language_version: service.languageVersion,
    cpu_percent: service.cpuPercent,
  };
}

const byUse = (a: Service, b: Service): number =>
  Number(b.probeable) - Number(a.probeable) || a.service.localeCompare(b.service) || a.pid - b.pid;
