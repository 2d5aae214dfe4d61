/** SERVICE of the command line to processes: a registered name, an executable's base name, or pid:N. */

import { CoralError } from '../../proto/errors.js';
import { isOfLibrary } from '../../proto/library-pattern.js';
import { nearestNames } from '../select/nearest-names.js';

export interface NamedProcess {
  pid: number;
  service: string;
  executable: string;
}

/** All processes of that name (replicas add up). SERVICE_NOT_FOUND names the nearest; PROCESS_NOT_FOUND for pid:N. */
export function resolveService<T extends NamedProcess>(name: string, processes: readonly T[]): T[] {
  const pid = /^pid:(\d+)$/.exec(name)?.[1];
  const found = processes.filter((process) => (pid === undefined ? isCalled(process, name) : process.pid === Number(pid)));
  if (found.length > 0) return found;
  if (pid !== undefined) {
    throw new CoralError('PROCESS_NOT_FOUND', `there is no process ${pid} that could be probed`, 'see coral services', {
      pid: Number(pid),
    });
  }
  throw serviceNotFound(name, processes);
}

/** Pids of that name that can be probed now (or their libraries, where patterns ask for those); none is no error. */
export function replicasOf(
  name: string,
  processes: readonly (NamedProcess & { probeable: boolean })[],
  patterns: readonly string[],
): number[] {
  const isTried = patterns.some(isOfLibrary) ? () => true : ({ probeable }: { probeable: boolean }) => probeable;
  return processes.filter((process) => isTried(process) && isCalled(process, name)).map(({ pid }) => pid);
}

const isCalled = ({ service, executable }: NamedProcess, name: string): boolean =>
  service === name || executable.slice(executable.lastIndexOf('/') + 1) === name;

function serviceNotFound(name: string, processes: readonly NamedProcess[]): CoralError {
  const candidates = nearestNames(
    processes.map(({ service }) => service),
    name,
  );
  const hint = candidates.length > 0 ? `did you mean ${candidates.join(', ')}?` : 'see coral services for the names';
  return new CoralError('SERVICE_NOT_FOUND', `no running program is called "${name}"`, hint, { service: name, candidates });
}
