/** Every command by its words. A module is imported when its command is asked for; all of them only for help. */

import type { Command } from './command.js';

type Loader = () => Promise<{ default: Command }>;

const COMMANDS: Readonly<Record<string, Loader>> = {
  top: () => import('./top.js'),
  demo: () => import('./demo.js'),
  services: () => import('./services.js'),
  functions: () => import('./functions.js'),
  'debug attach': () => import('./debug-attach.js'),
  'debug list': () => import('./debug-list.js'),
  'debug detach': () => import('./debug-detach.js'),
  'debug query': () => import('./debug-query.js'),
  'debug diff': () => import('./debug-diff.js'),
  'debug trace': () => import('./debug-trace.js'),
  export: () => import('./export.js'),
  doctor: () => import('./doctor.js'),
  'agent run': () => import('./agent-run.js'),
  'colony run': () => import('./colony-run.js'),
  completion: () => import('./completion.js'),
};

/** The words that name commands, in the order of the help. */
export const COMMAND_PATHS: readonly string[] = Object.keys(COMMANDS);

/** Groups that have commands below them. */
export const GROUPS: Readonly<Record<string, string>> = {
  debug: 'Probe functions of a running service',
  agent: 'The process that probes, one a host',
  colony: 'The process that agents and commands talk to',
};

/** Loads one command; the path is one of COMMAND_PATHS. */
export async function loadCommand(path: string): Promise<Command> {
  const load = COMMANDS[path];
  if (!load) throw new Error(`no command "${path}"`);
  return (await load()).default;
}

/** Loads every command, for help and completion. */
export function loadCommands(): Promise<Command[]> {
  return Promise.all(COMMAND_PATHS.map(loadCommand));
}

/** The command that a line begins with, longest first, and what follows its words. */
export function findCommand(argv: readonly string[]): { path: string; rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const path = argv.slice(0, length).join(' ');
    if (argv.length >= length && Object.hasOwn(COMMANDS, path)) return { path, rest: argv.slice(length) };
  }
  return undefined;
}
