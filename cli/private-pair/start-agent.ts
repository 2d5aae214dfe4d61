/** Starts the private agent, through sudo when this user may not probe. */

import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CoralError } from '../../proto/errors.js';
import { type HostFacts, missingCapabilities, planElevation } from './elevation.js';
import { type Launch, launch } from './processes.js';

/** Variables that sudo would drop and the agent needs. */
const HANDED_ON = ['CORAL_RUNTIME_DIR', 'CORAL_STATE_DIR', 'PATH', 'HOME'] as const;

/** `say` tells the reason before sudo may ask for a password; `unattended`: it may not ask. */
export interface Asking {
  say(line: string): void;
  readonly unattended?: true;
}

/** Starts the agent; the process, or undefined when it was detached behind sudo. Throws NO_PERMISSION when it cannot. */
export function startAgent(
  agent: Launch,
  { say, unattended }: Asking,
  host: HostFacts = readHostFacts(agent.environment),
): ChildProcess | undefined {
  const elevation = planElevation(host);
  if (elevation.kind === 'direct') return launch(agent);
  if (!unattended) say(elevation.reason);
  const status = spawnSync('sudo', [...(unattended ? ['-n'] : []), '--', ...elevatedCommand(agent, elevation.prefix)], {
    stdio: unattended ? 'ignore' : ['inherit', 'ignore', 'inherit'],
    env: agent.environment,
    cwd: '/',
  }).status;
  if (status !== 0) {
    throw new CoralError(
      'NO_PERMISSION',
      `sudo did not start the agent (status ${status})`,
      'run coral as root, or ask for sudo rights',
    );
  }
  return undefined;
}

/** sudo stays in the foreground to ask for the password; what it starts detaches itself and writes to the log. */
export function elevatedCommand(agent: Launch, prefix: readonly string[]): string[] {
  const assignments = HANDED_ON.flatMap((name) => (agent.environment[name] ? [`${name}=${agent.environment[name]}`] : []));
  const detach = ['setsid', '--fork', 'sh', '-c', 'log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null', 'sh', agent.logPath];
  return [...prefix, 'env', ...assignments, ...detach, ...agent.command];
}

function readHostFacts(environment: NodeJS.ProcessEnv): HostFacts {
  return {
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    effective: ownCapabilities(),
    hasSudo: isInPath('sudo', environment),
    hasSetpriv: isInPath('setpriv', environment),
  };
}

/** Whether this process could start an agent without sudo. */
export function mayProbe(): boolean {
  return missingCapabilities({ effective: ownCapabilities() }).length === 0;
}

/** Whether a program is found through PATH. */
export function isInPath(program: string, environment: NodeJS.ProcessEnv): boolean {
  return (environment.PATH ?? '').split(delimiter).some((directory) => existsSync(join(directory, program)));
}

/** CapEff of this process. */
export const ownCapabilities = (): bigint => effectiveCapabilities(readFileSync('/proc/self/status', 'utf8'));

/** CapEff of a /proc/PID/status text. */
export function effectiveCapabilities(status: string): bigint {
  const hex = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return hex ? BigInt(`0x${hex}`) : 0n;
}
