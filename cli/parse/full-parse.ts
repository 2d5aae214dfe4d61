/** The whole command line by yargs: help, and the message for a line that is wrong. The only file that knows yargs. */

import yargs, { type Argv } from 'yargs';
import { CoralError } from '../../proto/errors.js';
import { findCommand, GROUPS } from '../commands/catalogue.js';
import type { Command, CommandFacts, OptionFacts, ParsedArguments } from '../commands/command.js';
import { unknownCommand } from './unknown-command.js';
import { unknownOption } from './unknown-option.js';
import { checkArguments, checkFlags, usageError } from './values.js';

/** What a line asks for: a command with its arguments, or a text to print (help, version). */
export type Asked =
  | { readonly kind: 'command'; readonly command: Command; readonly args: ParsedArguments }
  | { readonly kind: 'text'; readonly text: string };

const HELP_COLUMNS = 100;
const EPILOGUE = `Examples:
  coral top
      the workbench on this host: / filters, Enter goes in
  coral debug attach checkout --function validateCard --duration 10s
      ten seconds of one function as a table

coral COMMAND --help shows the options and examples of a command.`;

/** Parses a line; throws USAGE for a wrong one. */
export async function fullParse(commands: readonly Command[], argv: readonly string[], version: string): Promise<Asked> {
  const unknown = unknownCommand(
    commands.map(({ path }) => path),
    argv,
  );
  if (unknown) throw unknown;
  const found = findCommand(argv);
  const named = commands.find(({ path }) => path === found?.path);
  const misspelt = named && unknownOption(named, argv);
  if (misspelt) throw misspelt;
  let chosen: Asked | undefined;
  let text = '';
  const parser = describe(commands, version, (command, args) => {
    checkFlags(command, argv);
    chosen = { kind: 'command', command, args };
  });
  await parser.parseAsync([...argv], {}, (error, _argv, output) => {
    if (error) throw error;
    text = output;
  });
  return chosen ?? { kind: 'text', text: `${text}\n` };
}

type Choose = (command: Command, args: ParsedArguments) => void;

function describe(commands: readonly Command[], version: string, choose: Choose): Argv {
  const root = basics(yargs())
    .scriptName('coral')
    .usage('coral COMMAND\n\nLive debugger for production services: probes a running program, changes nothing in it.')
    .version(version)
    .epilogue(EPILOGUE);
  const firstWords = [...new Set(commands.map(({ path }) => path.split(' ')[0] ?? ''))];
  return firstWords.reduce((parser, word) => {
    const alone = commands.find(({ path }) => path === word);
    return alone ? addCommand(parser, alone, word, choose) : addGroup(parser, word, commands, choose);
  }, root);
}

/** Commands below a first word: `debug attach`, `debug list`. */
function addGroup(parser: Argv, group: string, commands: readonly Command[], choose: Choose): Argv {
  const own = commands.filter(({ path }) => path.startsWith(`${group} `));
  const nameOf = ({ path }: Command): string => path.slice(group.length + 1);
  return parser.command(
    group,
    `${GROUPS[group] ?? ''}: ${own.map(nameOf).join(', ')}`,
    (inner) =>
      own
        .reduce((built, command) => addCommand(built, command, nameOf(command), choose), basics(inner, group))
        .usage(`coral ${group} COMMAND\n\n${GROUPS[group] ?? ''}`)
        .epilogue(examplesText(own.flatMap(({ examples }) => examples.slice(0, 1)))),
    () => {},
  );
}

/** Unknown words and options are errors, thrown and not printed. */
function basics(parser: Argv, group?: string): Argv {
  return parser
    .parserConfiguration({
      'camel-case-expansion': false,
      'boolean-negation': false,
      'parse-numbers': false,
      'duplicate-arguments-array': true,
    })
    .strict()
    .demandCommand(1, 1, 'no command given')
    .exitProcess(false)
    .showHelpOnFail(false)
    .help('help')
    .alias('help', 'h')
    .wrap(HELP_COLUMNS)
    .fail((message, error) => {
      if (error instanceof CoralError) throw error;
      throw usageError(group === undefined ? undefined : { path: group }, lowerFirst(message ?? String(error)));
    });
}

function addCommand(parser: Argv, command: Command, words: string, choose: Choose): Argv {
  const places = command.positionals.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`)).join(' ');
  return parser.command(
    `${words} ${places}`.trim(),
    command.summary,
    (inner) => describeCommand(inner, command),
    (argv) => {
      const words = command.positionals.flatMap(({ name }) => (argv[name] === undefined ? [] : [String(argv[name])]));
      choose(command, checkArguments(command, words, argv as Record<string, string>));
    },
  );
}

function describeCommand(parser: Argv, command: CommandFacts): Argv {
  let described = parser
    .usage(`coral ${command.path} ${usageOf(command)}\n\n${command.summary}`)
    .demandCommand(0, 0)
    .fail((message, error) => {
      throw error instanceof CoralError ? error : usageError(command, `${command.path}: ${lowerFirst(message ?? String(error))}`);
    });
  for (const { name, describe, required } of command.positionals) {
    described = described.positional(name, { type: 'string', describe, demandOption: required });
  }
  for (const [name, option] of Object.entries(command.options)) described = described.option(name, yargsOption(option));
  return described.epilogue(examplesText(command.examples));
}

const examplesText = (examples: CommandFacts['examples']): string =>
  `Examples:\n${examples.map(([line, what]) => `  ${line}\n      ${what}`).join('\n')}`;

function usageOf({ positionals }: CommandFacts): string {
  return positionals.map(({ name, required }) => (required ? name.toUpperCase() : `[${name.toUpperCase()}]`)).join(' ');
}

function yargsOption({ type, describe, choices, many }: OptionFacts) {
  const text = many ? `${describe} (repeats)` : describe;
  if (type === 'boolean') return { type: 'boolean', describe: text } as const;
  return { type: 'string', describe: text, requiresArg: true, ...(choices ? { choices: [...choices] } : {}) } as const;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
