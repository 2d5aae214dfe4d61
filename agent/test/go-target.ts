/** Go programs of the agent's own tests, built once a version of Go; driven like the kernel's targets. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../../../agent/test/', import.meta.url));
const BUILT = fileURLToPath(new URL('../../../build/agent/test/targets/', import.meta.url));

/** Compiles `source` (in agent/test/) unless that is done; returns the program's path. */
export function buildGo(source: string, flags: readonly string[] = [], suffix = ''): string {
  const output = BUILT + basename(source, '.go') + suffix;
  mkdirSync(BUILT, { recursive: true });
  const compile = 'program=$1 source=$2; shift 2; [ "$program" -nt "$source" ] || go build -o "$program" "$@" "$source"';
  execFileSync('flock', [`${output}.lock`, 'sh', '-c', compile, 'sh', output, SOURCES + source, ...flags], { stdio: 'inherit' });
  return output;
}
