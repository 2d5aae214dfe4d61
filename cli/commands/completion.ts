import { completionScript, SHELLS } from '../completion/completion.js';
import { usageError } from '../parse/values.js';
import { defineCommand } from './command.js';

/** `coral completion`. */
export default defineCommand({
  path: 'completion',
  summary: 'A script that completes commands and options in the shell',
  positionals: [{ name: 'shell', describe: 'bash or zsh', required: true }],
  options: {},
  examples: [
    ['source <(coral completion bash)', 'for this bash; in ~/.bashrc for every one'],
    ['source <(coral completion zsh)', 'the same for zsh'],
  ],
  async run({ words }, { out }) {
    const shell = SHELLS.find((known) => known === words.shell);
    if (!shell)
      throw usageError({ path: 'completion' }, `completion: SHELL is one of ${SHELLS.join(', ')}, got "${words.shell}"`);
    const { loadCommands } = await import('./catalogue.js');
    out.write(completionScript(shell, await loadCommands()));
    return 0;
  },
});
