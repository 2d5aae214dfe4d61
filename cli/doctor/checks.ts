/** What `coral doctor` looks at: facts in, checks out. Pure. */

import type { GetStatusResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { Check } from '../../proto/gen/coral/live/v1/live.js';
import { missingCapabilities } from '../private-pair/elevation.js';

export interface LocalFacts {
  readonly nodeVersion: string;
  readonly runtimeDir: string;
  /** Why the runtime directory cannot be used. */
  readonly runtimeDirFault: string | undefined;
  /** CapEff of this process. */
  readonly effective: bigint;
  readonly hasSudo: boolean;
}

/** What came of asking the colony: its status, or the error. */
export type Reached = { readonly status: GetStatusResponse } | { readonly message: string; readonly hint: string };

const LEAST_NODE = [20, 19] as const;

/** Checks of this command's own surroundings. */
export function localChecks(facts: LocalFacts): Check[] {
  const missing = missingCapabilities(facts).map(({ name }) => `CAP_${name.toUpperCase()}`);
  return [
    {
      name: 'node',
      ok: isAtLeast(facts.nodeVersion, LEAST_NODE),
      detail: `node ${facts.nodeVersion}`,
      fix: `install Node.js ${LEAST_NODE.join('.')} or newer`,
    },
    {
      name: 'runtime directory',
      ok: facts.runtimeDirFault === undefined,
      detail: facts.runtimeDirFault ? `${facts.runtimeDir}: ${facts.runtimeDirFault}` : facts.runtimeDir,
      fix: 'set CORAL_RUNTIME_DIR to a directory of your own',
    },
    {
      name: 'privileges',
      ok: missing.length === 0 || facts.hasSudo,
      detail:
        missing.length === 0
          ? 'this user may probe'
          : `${missing.join(', ')} missing${facts.hasSudo ? ', sudo is there' : ', no sudo'}`,
      fix: 'run as root, or install sudo',
    },
  ].map(withoutFixWhenOk);
}

/** Checks of colony, agents and history; each agent's own checks follow its line. */
export function colonyChecks(reached: Reached): Check[] {
  if (!('status' in reached)) return [{ name: 'colony and agent', ok: false, detail: reached.message, fix: reached.hint }];
  const { status } = reached;
  const history = status.historyError === '' ? status.historyPath : `${status.historyPath}: ${status.historyError}`;
  return [
    { name: 'colony', ok: true, detail: `version ${status.version}, pid ${status.pid}`, fix: '' },
    {
      name: 'history',
      ok: status.historyError === '',
      detail: history,
      fix: 'free the file or the disk, or set CORAL_STATE_DIR; sessions run without history meanwhile',
    },
    ...status.agents.flatMap((agent) => [
      {
        name: `agent ${agent.agentId}`,
        ok: agent.state === 'linked' && agent.canDebugUprobes,
        detail: [agent.state, `kernel ${agent.kernel}`, ...agent.reasons].join(', '),
        fix: 'see the checks below',
      },
      ...agent.checks.map((check) => ({ ...check, name: `  ${check.name}` })),
    ]),
  ].map(withoutFixWhenOk);
}

const withoutFixWhenOk = (check: Check): Check => (check.ok ? { ...check, fix: '' } : check);

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
