/** The `coral` executable: find the command, parse its line, run it, turn errors into text and an exit status. */

import { EXIT } from '../proto/errors.js';
import { findCommand, loadCommand, loadCommands } from './commands/catalogue.js';
import { readConfig } from './config.js';
import { asCoralError, errorJson, errorText } from './format/errors.js';
import { interruptionBySignals } from './output/interruption.js';
import { flushed, openOutput, outputFailed, say } from './output/terminal.js';
import type { Asked } from './parse/full-parse.js';
import { quickParse } from './parse/quick-parse.js';
import type { Surroundings } from './surroundings.js';
import { buildVersion, packageVersion } from './version.js';

/** Runs one command line to its last byte; gives the exit status. `executable` is bin/coral, which the private pair is started with. */
export async function main(argv: readonly string[], executable: string): Promise<number> {
  const status = await runLine(argv, realSurroundings(executable));
  await flushed();
  return status === EXIT.done && outputFailed() ? EXIT.failed : status;
}

async function runLine(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const asked = await parse(argv);
    if (asked.kind === 'command') return await asked.command.run(asked.args, surroundings);
    surroundings.out.write(asked.text);
    return EXIT.done;
  } catch (thrown) {
    return report(thrown, argv, surroundings);
  }
}

/** A right line of a known command does not need yargs. */
async function parse(argv: readonly string[]): Promise<Asked> {
  const found = findCommand(argv);
  if (found) {
    const command = await loadCommand(found.path);
    const args = quickParse(command, found.rest);
    if (args) return { kind: 'command', command, args };
  }
  const [{ fullParse }, commands] = await Promise.all([import('./parse/full-parse.js'), loadCommands()]);
  return fullParse(commands, argv, packageVersion());
}

/** Signals are left to their default, or to daemons and workbench, until a command asks for the interruption. */
function realSurroundings(executable: string): Surroundings {
  const config = readConfig();
  let interruption: AbortController | undefined;
  return {
    config,
    version: buildVersion(),
    executable,
    out: openOutput(config, () => interruption?.abort('EPIPE')),
    say,
    get interruption() {
      interruption ??= interruptionBySignals();
      return interruption.signal;
    },
  };
}

function report(thrown: unknown, argv: readonly string[], { config, say }: Surroundings): number {
  const error = asCoralError(thrown);
  say(wantsJson(argv) ? errorJson(error) : errorText(error));
  if (config.debug && thrown instanceof Error) say(thrown.stack ?? '');
  return error.exitCode;
}

/** Also of a line that cannot be parsed. */
function wantsJson(argv: readonly string[]): boolean {
  return /(^| )--format[= ](json|ndjson)( |$)/.test(argv.join(' '));
}
