import { defineCommand } from './command.js';

/** `coral agent run`. */
export default defineCommand({
  path: 'agent run',
  summary: 'Run the agent of this host in the foreground',
  positionals: [],
  options: {
    colony: { type: 'string', describe: 'colony to link to: HOST:PORT or unix:PATH (else CORAL_COLONY, else the file)' },
    config: { type: 'string', describe: 'YAML file with agent.debug settings' },
    id: { type: 'string', describe: "this agent's name (default: the host's)" },
    'sdk-listen': { type: 'string', describe: 'where programs register: HOST:PORT on loopback, or off' },
    private: { type: 'boolean', describe: "one user's agent: it ends with its colony" },
  },
  examples: [['coral agent run --config agent.yaml --colony 127.0.0.1:9000', 'an agent of a shared colony']],
  async run({ options }, surroundings) {
    const { runAgent } = await import('../../agent/main.js');
    await runAgent({
      version: surroundings.version,
      private: options.private,
      ...(options.config === undefined ? {} : { configPath: options.config }),
      ...(options.colony === undefined ? {} : { colony: options.colony }),
      ...(options.id === undefined ? {} : { agentId: options.id }),
      ...(options['sdk-listen'] === undefined ? {} : { sdkListen: options['sdk-listen'] }),
    });
    return 0;
  },
});
