import { defineCommand } from './command.js';

/** `coral colony run`. */
export default defineCommand({
  path: 'colony run',
  summary: 'Run a colony in the foreground',
  positionals: [],
  options: {
    listen: { type: 'string', describe: 'HOST:PORT on loopback, or unix:PATH' },
    config: { type: 'string', describe: 'YAML file with colony.debug settings' },
    private: { type: 'boolean', describe: "one user's colony: on a socket in the runtime directory, ends when unused" },
  },
  examples: [['coral colony run --listen 127.0.0.1:9000', 'a colony that agents and commands share']],
  async run({ options }, surroundings) {
    // The history holds captured arguments: DuckDB's files are for their owner, also in a directory that others see.
    process.umask(0o077);
    const { runColony } = await import('../../colony/main.js');
    await runColony({
      version: surroundings.version,
      private: options.private,
      ...(options.listen === undefined ? {} : { listen: options.listen }),
      ...(options.config === undefined ? {} : { configPath: options.config }),
    });
    return 0;
  },
});
