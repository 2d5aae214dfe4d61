/** Reads the facts that doctor's local checks need. */

import type { CliConfig } from '../config.js';
import { claimRuntimeDir } from '../private-pair/runtime-dir.js';
import { isInPath, ownCapabilities } from '../private-pair/start-agent.js';
import type { LocalFacts } from './checks.js';

/** The facts as they are now; makes the runtime directory if it is missing. */
export function readLocalFacts(config: CliConfig): LocalFacts {
  return {
    nodeVersion: process.version,
    runtimeDir: config.runtimeDir,
    runtimeDirFault: runtimeDirFault(config.runtimeDir),
    effective: ownCapabilities(),
    hasSudo: isInPath('sudo', config.environment),
  };
}

function runtimeDirFault(directory: string): string | undefined {
  try {
    claimRuntimeDir(directory, process.getuid?.() ?? 0);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
