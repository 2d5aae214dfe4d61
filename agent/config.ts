/** What the agent is told by its caller, its environment and its file. The one reader of `process.env` in this room. */

import { hostname } from 'node:os';
import { join } from 'node:path';
import { readConfigurationFile } from '../proto/configuration-file.js';
import { CoralError } from '../proto/errors.js';
import { runtimeDirectory } from '../proto/runtime-directory.js';
import { DISPENSABLE, type DispensableAbility } from './kernel/kernel.js';
import { readSettings, type Settings } from './settings/settings.js';

/** Of `coral agent run`; the command line beats the environment, which beats the file. */
export interface RunAgentOptions {
  /** Shown to the colony and its users. */
  version: string;
  /** One user's pair: the colony is on a socket beside ours, and the agent ends with it. */
  private?: boolean;
  configPath?: string;
  /** unix:/path or host:port. */
  colony?: string;
  agentId?: string;
  /** host:port of the SDK's registration server; 'off': none. */
  sdkListen?: string;
  environment?: NodeJS.ProcessEnv;
}

export interface AgentConfig extends Settings {
  version: string;
  private: boolean;
  runtimeDir: string;
  socketPath: string;
  /** Kernel abilities that are not used, for tests: $CORAL_KERNEL_WITHOUT, separated by commas. */
  kernelWithout: DispensableAbility[];
  pidPath: string;
}

/** Throws USAGE for a file that cannot be read, a key that is not known, or a missing colony address. */
export function readConfig(options: RunAgentOptions): AgentConfig {
  const environment = options.environment ?? process.env;
  const settings = options.configPath ? readSettings(readConfigurationFile(options.configPath)) : readSettings({});
  const runtimeDir = runtimeDirectory(environment);
  const config: AgentConfig = {
    ...settings,
    version: options.version,
    private: options.private ?? false,
    agentId: options.agentId || settings.agentId || hostname(),
    colony: options.private
      ? `unix:${join(runtimeDir, 'colony.sock')}`
      : (options.colony ?? environment.CORAL_COLONY) || settings.colony,
    sdk: { ...settings.sdk, listenAddress: options.sdkListen ?? settings.sdk.listenAddress },
    runtimeDir,
    kernelWithout: kernelWithout(environment),
    socketPath: join(runtimeDir, 'agent.sock'),
    pidPath: join(runtimeDir, 'agent.pid'),
  };
  if (config.colony === '') throw noColony();
  return config;
}

function kernelWithout({ CORAL_KERNEL_WITHOUT: names = '' }: NodeJS.ProcessEnv): DispensableAbility[] {
  return names
    .split(',')
    .filter(Boolean)
    .map((name) => {
      const known = DISPENSABLE.find((ability) => ability === name);
      if (known) return known;
      const hint = `it is a list of ${DISPENSABLE.join(', ')}`;
      throw new CoralError('USAGE', `CORAL_KERNEL_WITHOUT names "${name}", which the agent cannot do without`, hint);
    });
}

function noColony(): CoralError {
  const hint = 'give --colony HOST:PORT, set CORAL_COLONY, or write agent.colony in the configuration file';
  return new CoralError('USAGE', 'the agent was given no colony to link to', hint);
}
