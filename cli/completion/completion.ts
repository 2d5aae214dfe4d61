/** Shell completion from the commands' facts: a script that needs no call of coral at each Tab. Pure. */

import type { CommandFacts, OptionFacts } from '../commands/command.js';

export const SHELLS = ['bash', 'zsh'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script to source. zsh runs the bash one through its own bashcompinit. */
export function completionScript(shell: Shell, commands: readonly CommandFacts[]): string {
  const script = bashScript(commands);
  return shell === 'bash' ? script : `autoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function bashScript(commands: readonly CommandFacts[]): string {
  return `_coral() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local words=" \${COMP_WORDS[*]:1:COMP_CWORD-1} " choices=""
  case "$words" in
${commands.map(commandCase).join('\n')}
${groupsOf(commands).map(groupCase).join('\n')}
  *) choices="${topLevel(commands).join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$choices" -- "$cur"))
}
complete -o default -F _coral coral
`;
}

/** Options of one command; after an option with choices, those. */
function commandCase({ path, options }: CommandFacts): string {
  const names = [...Object.keys(options), 'help'].map((name) => `--${name}`).join(' ');
  const chosen = Object.entries(options).flatMap(([name, option]) => valueCase(name, option));
  return [`  " ${path} "*)`, '    case "$prev" in', ...chosen, `    *) choices="${names}" ;;`, '    esac ;;'].join('\n');
}

/** An option that takes free text completes to nothing of ours (file names remain). */
function valueCase(name: string, { type, choices }: OptionFacts): string[] {
  return type === 'boolean' ? [] : [`    --${name}) choices="${(choices ?? []).join(' ')}" ;;`];
}

interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

function groupsOf(commands: readonly CommandFacts[]): Group[] {
  const names = [...new Set(commands.filter(({ path }) => path.includes(' ')).map(({ path }) => path.split(' ')[0] ?? ''))];
  return names.map((name) => ({
    name,
    members: commands.filter(({ path }) => path.startsWith(`${name} `)).map(({ path }) => path.slice(name.length + 1)),
  }));
}

const groupCase = ({ name, members }: Group): string => `  " ${name} "*) choices="${members.join(' ')}" ;;`;

const topLevel = (commands: readonly CommandFacts[]): string[] => [
  ...new Set(commands.map(({ path }) => path.split(' ')[0] ?? '')),
];
