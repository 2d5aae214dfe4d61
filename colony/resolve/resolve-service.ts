/** From what a user calls a service to the processes of its agents. Pure. */

import { posix } from 'node:path';
import { CoralError, type ErrorCode, isErrorCode } from '../../proto/errors.js';
import type { Refusal, Service } from '../../proto/gen/coral/live/v1/live.js';
import { isOfLibrary } from '../../proto/library-pattern.js';
import { nearestNames } from '../../proto/nearest-names.js';
import { pidOf } from './service-name.js';

/** The processes that a session will probe. */
export interface Target {
  /** The service's own name (for `pid:N` the name of that process). */
  readonly service: string;
  readonly processes: readonly Service[];
  readonly pidsByAgent: ReadonlyMap<string, number[]>;
  /** Processes of the service that cannot be probed. */
  readonly refused: readonly Refusal[];
  /** Whether processes of this name that start later belong to it. */
  readonly standing: boolean;
}

/**
 * Finds `asked` (a registered name, an executable's base name, or `pid:N`) among the agents' services, narrowed to
 * `pids` if any. Throws SERVICE_NOT_FOUND with the nearest names, PROCESS_NOT_FOUND, or NOT_PROBEABLE (or the code that
 * all of them share, such as CORRUPT_ELF) with the reason. What is against a program is not against its libraries: where
 * `patterns` ask for those, their agent decides.
 */
export function resolveService(
  services: readonly Service[],
  asked: string,
  pids: readonly number[] = [],
  patterns: readonly string[] = [],
): Target {
  const named = matching(services, asked);
  const chosen = pids.length === 0 ? named : narrowed(named, asked, pids);
  const isTried = patterns.some(isOfLibrary) ? () => true : ({ probeable }: Service) => probeable;
  const processes = chosen.filter(isTried);
  if (processes.length === 0) throw notProbeable(asked, chosen);
  return {
    service: processes[0]!.service,
    processes,
    pidsByAgent: groupPids(processes),
    refused: chosen.filter((process) => !isTried(process)).map(refusal),
    standing: pidOf(asked) === undefined && pids.length === 0,
  };
}

/** All processes that `asked` names, probeable or not; throws when there is none. */
export function matching(services: readonly Service[], asked: string): Service[] {
  const pid = pidOf(asked);
  const found = services.filter((service) => (pid === undefined ? bearsName(service, asked) : service.pid === pid));
  if (found.length > 0) return found;
  if (pid !== undefined) throw processNotFound(asked, [pid], []);
  throw asked.startsWith('pid:') ? noPid(asked) : serviceNotFound(services, asked);
}

/** Whether a process runs as `name`, or its executable is called so. */
export const bearsName = (service: Service, name: string): boolean =>
  service.service === name || posix.basename(service.executable) === name;

function narrowed(named: readonly Service[], asked: string, pids: readonly number[]): Service[] {
  const missing = pids.filter((pid) => !named.some((process) => process.pid === pid));
  const running = named.map((process) => process.pid);
  if (missing.length > 0) throw processNotFound(asked, missing, running);
  return named.filter((process) => pids.includes(process.pid));
}

function groupPids(processes: readonly Service[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const { agentId, pid } of processes) groups.set(agentId, [...(groups.get(agentId) ?? []), pid]);
  return groups;
}

const codeOf = ({ reasonCode }: Service): ErrorCode => (isErrorCode(reasonCode) ? reasonCode : 'NOT_PROBEABLE');

const refusal = (process: Service): Refusal => ({
  function: '',
  code: codeOf(process),
  reason: process.reason,
  pid: process.pid,
  agentId: process.agentId,
});

function serviceNotFound(services: readonly Service[], asked: string): CoralError {
  const nearest = nearestNames(
    asked,
    services.filter((service) => service.probeable).flatMap((service) => [service.service, posix.basename(service.executable)]),
  );
  const hint =
    nearest.length > 0 ? `did you mean ${nearest.join(', ')}?` : '`coral services` lists what runs; pid:N names any process';
  const message = `no running service is called ${JSON.stringify(asked)} (${services.length} processes seen)`;
  return new CoralError('SERVICE_NOT_FOUND', message, hint, { service: asked, nearest });
}

function processNotFound(asked: string, missing: readonly number[], running: readonly number[]): CoralError {
  const hint =
    running.length > 0
      ? `${asked} runs as ${running.join(', ')}`
      : "`coral services` lists what runs; kernel threads and Coral's own agent are not probed";
  const whose =
    running.length > 0 ? `${asked} has no process ${missing.join(', ')}` : `there is no process ${asked.slice('pid:'.length)}`;
  const message = `${whose} that an agent sees`;
  return new CoralError('PROCESS_NOT_FOUND', message, hint, { service: asked, missing, pids: running });
}

const noPid = (asked: string): CoralError =>
  new CoralError(
    'USAGE',
    `${JSON.stringify(asked)} names no process: N of pid:N is a number`,
    '`coral services` lists what runs',
    {
      service: asked,
    },
  );

function notProbeable(asked: string, chosen: readonly Service[]): CoralError {
  const reasons = [...new Set(chosen.map((process) => process.reason))].join('; ');
  const pids = chosen.map((process) => process.pid);
  const codes = new Set(chosen.map(codeOf));
  return new CoralError(
    codes.size === 1 ? codeOf(chosen[0]!) : 'NOT_PROBEABLE',
    `${asked} (pid ${pids.join(', ')}) cannot be probed: ${reasons}`,
    '`coral services` shows what can be, `coral doctor` what this host can do',
    { service: asked, pids, reasons },
  );
}
