/** `coral top` without a terminal: one plain table, then the end. */

import { basename } from 'node:path';
import { CoralError } from '../../proto/errors.js';
import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import { nearestNames } from '../../proto/nearest-names.js';
import type { Printer } from '../attach/printer.js';
import { openRequest } from '../attach/request.js';
import { runSession } from '../attach/run-session.js';
import { withColony } from '../colony/connect.js';
import { resultsText } from '../format/results.js';
import { servicesTable } from '../format/services.js';
import { printable } from '../format/table.js';
import type { Surroundings } from '../surroundings.js';

const DEFAULT_DURATION_NS = 2e9;

export interface OnceOptions {
  readonly service: string | undefined;
  readonly function: readonly string[];
  readonly duration: number | undefined;
  readonly colony: string | undefined;
}

/** Prints the services or, with functions named, what one short session measured. */
export async function measureOnce(options: OnceOptions, surroundings: Surroundings): Promise<number> {
  return withColony(surroundings, options.colony, async (colony) => {
    if (options.service === undefined || options.function.length === 0) {
      const { services } = await colony.listServices({ fresh: true });
      surroundings.out.write(servicesTable(options.service === undefined ? services : processesOf(options.service, services)));
      return 0;
    }
    const request = openRequest(options.service, attachOptions(options), surroundings.config.user);
    const running = { request, intervalMs: 1000, reconnects: false };
    return runSession(colony, running, resultsPrinter(surroundings), surroundings);
  });
}

/** The processes of a service, an executable or `pid:N`; throws SERVICE_NOT_FOUND with the nearest names. */
function processesOf(asked: string, services: readonly Service[]): Service[] {
  const namesOf = ({ service, executable }: Service): string[] => [service, basename(executable)];
  const found = services.filter((process) => [...namesOf(process), `pid:${process.pid}`].includes(asked));
  if (found.length > 0) return found;
  const nearest = nearestNames(asked, services.flatMap(namesOf).filter(Boolean));
  const hint = nearest.length > 0 ? `did you mean ${nearest.join(', ')}?` : '`coral services` lists what runs';
  throw new CoralError('SERVICE_NOT_FOUND', `no running service is called "${asked}"`, hint, { service: asked, nearest });
}

/** A saved session as its table. */
export async function replayOnce(path: string, { out }: Surroundings): Promise<number> {
  const { readReplay } = await import('../../tui/feed/read-replay.js');
  out.write(resultsText(await readReplay(path)));
  return 0;
}

/** Only the end is shown. */
function resultsPrinter({ out, say }: Surroundings): Printer {
  return {
    opened() {},
    ticked() {},
    noticed: ({ message }) => say(`coral: ${printable(message)}`),
    ended: (snapshot) => out.write(resultsText(snapshot)),
  };
}

function attachOptions({ function: functions, duration }: OnceOptions) {
  return {
    function: functions,
    duration: duration ?? DEFAULT_DURATION_NS,
    pid: undefined,
    'sample-rate': undefined,
    'slower-than': undefined,
    filter: [],
    'capture-args': false,
    'capture-return': false,
    'count-only': false,
    returns: undefined,
    budget: undefined,
    'max-slow': undefined,
    'require-all': false,
    'dry-run': false,
  };
}
