/**
 * How the agent gets to probe: as it is when this user may, else through sudo with four capabilities and not as root.
 * Pure: facts of the host in, a command line out.
 */

import { CoralError } from '../../proto/errors.js';

/** Capability, its bit in CapEff, and what the agent needs it for. */
export const CAPABILITIES = [
  { name: 'sys_ptrace', bit: 19, why: 'read the memory of the programs that are probed' },
  { name: 'dac_read_search', bit: 2, why: 'read their executables' },
  { name: 'perfmon', bit: 38, why: 'attach uprobes' },
  { name: 'bpf', bit: 39, why: 'load BPF programs' },
] as const;

/** What the decision depends on. */
export interface HostFacts {
  readonly uid: number;
  readonly gid: number;
  /** CapEff of this process. */
  readonly effective: bigint;
  readonly hasSudo: boolean;
  readonly hasSetpriv: boolean;
}

/** How to start the agent: `reason` is told to the user when it goes through sudo. */
export type Elevation =
  | { readonly kind: 'direct' }
  | { readonly kind: 'sudo'; readonly prefix: readonly string[]; readonly reason: string };

/** Decides; throws NO_PERMISSION when the agent could not probe and nothing here can help. */
export function planElevation(host: HostFacts): Elevation {
  const missing = missingCapabilities(host);
  if (missing.length === 0) return { kind: 'direct' };
  if (host.hasSudo && host.hasSetpriv) {
    const names = missing.map(({ name }) => `CAP_${name.toUpperCase()}`).join(', ');
    return {
      kind: 'sudo',
      prefix: setprivCommand(host),
      reason: `coral: sudo starts the agent with ${names} only (it runs as you, not as root): ${missing.map(({ why }) => why).join('; ')}`,
    };
  }
  throw new CoralError(
    'NO_PERMISSION',
    `user ${host.uid} may not probe: ${missing.map(({ name }) => `CAP_${name.toUpperCase()}`).join(', ')} missing, and ${host.hasSudo ? 'setpriv' : 'sudo'} was not found`,
    'run as root, or install sudo and util-linux, or use an agent that runs already with --colony HOST:PORT',
    { missing: missing.map(({ name }) => name) },
  );
}

/** The capabilities that a process with these effective ones lacks; uid 0 in a container may lack some too. */
export function missingCapabilities({ effective }: Pick<HostFacts, 'effective'>) {
  return CAPABILITIES.filter(({ bit }) => (effective & (1n << BigInt(bit))) === 0n);
}

function setprivCommand({ uid, gid }: HostFacts): string[] {
  const capabilities = CAPABILITIES.map(({ name }) => `+${name}`).join(',');
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--init-groups',
    `--inh-caps=${capabilities}`,
    `--ambient-caps=${capabilities}`,
    '--',
  ];
}
