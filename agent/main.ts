/** `coral agent run`: the agent as a process. */

import { buildAgent } from './agent.js';
import { type AgentConfig, type RunAgentOptions, readConfig } from './config.js';
import { serveAgent } from './local/serve-agent.js';
import { resolveService } from './procfs/resolve-service.js';
import { claimPlace, leavePlace } from './runtime-dir.js';
import { serveSdk } from './sdk/serve-sdk.js';

export type { RunAgentOptions } from './config.js';

/** A private agent whose colony does not come gives up after so many dials (some 5 s). */
const PRIVATE_DIALS = 12;
/** What is written on the link at the end has this long to leave. */
const GRACE_MS = 100;

/**
 * Runs the agent until SIGTERM or SIGINT; a private one until its colony is gone. Its sessions end then, their probes are
 * off when this resolves. Throws USAGE or NO_PERMISSION when it cannot start.
 */
export async function runAgent(options: RunAgentOptions): Promise<void> {
  const config = readConfig(options);
  await claimPlace(config);
  try {
    await run(config);
  } finally {
    leavePlace(config);
  }
}

async function run(config: AgentConfig): Promise<void> {
  let colonyGone: (reason: string) => void = () => undefined;
  const gone = new Promise<string>((resolve) => {
    colonyGone = resolve;
  });
  const agent = buildAgent(config, {
    say,
    linkLost: (reason, failures) => {
      const giveUp = config.private && (failures === 0 || failures >= PRIVATE_DIALS);
      if (giveUp) colonyGone(`the private colony is gone (${reason})`);
      else if (failures <= 1) say(`no link to ${config.colony}: ${reason}`);
    },
  });
  agent.start();
  const told = untilTold();
  const local = await serveAgent(config.socketPath, {
    agentId: config.agentId,
    sessions: agent.sessions,
    resolve: (service) => resolveService(service, agent.services.look()).map(({ pid }) => pid),
  });
  const sdk = await serveSdkIfFree(config, agent.sdkDuties);
  say(`coral agent ${config.version} runs as ${config.agentId}, colony ${config.colony}`);
  const toldWhy = await Promise.race([told, gone.then(() => null)]);
  agent.services.stop();
  agent.sessions.closeAll('interrupted');
  say(`coral agent ends: ${toldWhy ?? (await gone)}`);
  if (toldWhy) await new Promise((resolve) => setTimeout(resolve, GRACE_MS)); // the sessions' ends are on their way
  agent.stop();
  local.close();
  sdk?.close();
}

/** Programs are found without the SDK too, so a taken port is no reason to end. */
async function serveSdkIfFree({ sdk }: AgentConfig, duties: Parameters<typeof serveSdk>[1]) {
  if (sdk.listenAddress === 'off') return null;
  try {
    return await serveSdk(sdk.listenAddress, duties);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`programs cannot register here, ${sdk.listenAddress} cannot be listened on: ${reason}`);
    return null;
  }
}

function untilTold(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(`told by ${signal}`));
  });
}

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}
