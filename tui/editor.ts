/** The person's editor at a line, in the foreground. */

import { spawnSync } from 'node:child_process';

/** Runs it and waits; a file that is not here opens as a new one, as editors do. */
export function editAt(editor: string, file: string, line: number): void {
  const [program = 'vi', ...rest] = editor.split(/\s+/);
  spawnSync(program, [...rest, `+${line}`, file], { stdio: 'inherit' });
}
