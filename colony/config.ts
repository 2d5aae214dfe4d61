/** What the colony is told by its caller, its environment and its file. The one reader of `process.env` in this room. */

import { join } from 'node:path';
import { readConfigurationFile } from '../proto/configuration-file.js';
import { runtimeDirectory } from '../proto/runtime-directory.js';
import { stateDirectory } from '../proto/state-directory.js';
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
  const settings = readSettings(options.configPath === undefined ? {} : readConfigurationFile(options.configPath));
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
