/** Runs a command in this process with streams that are kept. */

import { loadCommand } from '../commands/catalogue.js';
import { readConfig } from '../config.js';
import { quickParse } from '../parse/quick-parse.js';
import type { Surroundings } from '../surroundings.js';

export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: readonly string[];
}

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly interruption?: AbortSignal;
  /** Called with each piece of stdout as it is written. */
  readonly onOutput?: (text: string) => void;
}

/** Runs `path` with the arguments; what the command throws is thrown. */
export async function runCommand(path: string, argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const command = await loadCommand(path);
  const args = quickParse(command, argv);
  if (!args) throw new Error(`not plainly right: ${argv.join(' ')}`);
  const stdout: string[] = [];
  const stderr: string[] = [];
  const surroundings: Surroundings = {
    config: readConfig(options.environment ?? { USER: 'tester' }, 1000),
    version: 'fake',
    executable: '/nowhere/bin/coral',
    out: {
      isTerminal: false,
      colour: false,
      columns: 100,
      rows: 24,
      write: (text) => {
        stdout.push(text);
        options.onOutput?.(text);
      },
      takeBack: () => undefined,
    },
    say: (line) => stderr.push(line),
    interruption: options.interruption ?? new AbortController().signal,
  };
  const status = await command.run(args, surroundings);
  return { status, stdout: stdout.join(''), stderr };
}
