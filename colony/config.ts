/** What the colony is told by its caller, its environment and its file. The one reader of `process.env` in this room. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CoralError } from '../proto/errors.js';
import { runtimeDirectory } from '../proto/runtime-directory.js';
import { readSettings, type Settings } from './settings/settings.js';

/** Of `coral colony run`; the command line beats the environment, which beats the file. */
export interface RunColonyOptions {
  /** What GetStatus answers: a client of another version replaces a private colony. */
  readonly version: string;
  /** One user's colony: on a socket in the runtime directory, ending when nobody needs it. */
  readonly private?: boolean;
  /** `host:port` (loopback) or `unix:/path`. */
  readonly listen?: string;
  /** The RFD's colony-config.yaml. */
  readonly configPath?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface ColonyConfig extends Settings {
  readonly version: string;
  readonly private: boolean;
  readonly listen: string;
  readonly runtimeDir: string;
  readonly pidPath: string;
  readonly stateDir: string;
}

/** Throws USAGE for a file that cannot be read or says what is not known. */
export function readConfig(options: RunColonyOptions): ColonyConfig {
  const environment = options.environment ?? process.env;
  const settings = readSettings(options.configPath === undefined ? {} : readYaml(options.configPath));
  const runtimeDir = runtimeDirectory(environment);
  return {
    ...settings,
    version: options.version,
    private: options.private ?? false,
    listen: options.private ? `unix:${join(runtimeDir, 'colony.sock')}` : (options.listen ?? settings.listen),
    runtimeDir,
    pidPath: join(runtimeDir, 'colony.pid'),
    stateDir: stateDirectory(environment),
  };
}

function stateDirectory(environment: NodeJS.ProcessEnv): string {
  if (environment.CORAL_STATE_DIR) return environment.CORAL_STATE_DIR;
  return environment.XDG_STATE_HOME
    ? join(environment.XDG_STATE_HOME, 'coral')
    : join(environment.HOME || homedir(), '.local', 'state', 'coral');
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoralError(
      'USAGE',
      `the configuration file ${path} cannot be read: ${reason}`,
      'check --config',
      { path },
      { cause },
    );
  }
}
