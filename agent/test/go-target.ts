/** Programs of the agent's own tests, built once; driven like the kernel's targets. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../../../agent/test/', import.meta.url));
const BUILT = fileURLToPath(new URL('../../../build/agent/test/targets/', import.meta.url));

/** Compiles `source` (in agent/test/) unless that is done; returns the program's path. */
export function buildGo(source: string, flags: readonly string[] = [], suffix = ''): string {
  return build('go build', source, flags, basename(source, '.go') + suffix);
}

/** The same for C. */
export function buildC(source: string): string {
  return build('gcc', source, ['-O1', '-g'], basename(source, '.c'));
}

/** The same for any compiler that takes `-o program flags source`. */
export function buildWith(compiler: string, source: string, flags: readonly string[], suffix: string): string {
  return build(compiler, source, flags, basename(source).replace('.', '-') + suffix);
}

function build(compiler: string, source: string, flags: readonly string[], name: string): string {
  const output = BUILT + name;
  mkdirSync(BUILT, { recursive: true });
  const compile = `program=$1 source=$2; shift 2; [ "$program" -nt "$source" ] || ${compiler} -o "$program" "$@" "$source"`;
  execFileSync('flock', [`${output}.lock`, 'sh', '-c', compile, 'sh', output, SOURCES + source, ...flags], { stdio: 'inherit' });
  return output;
}
