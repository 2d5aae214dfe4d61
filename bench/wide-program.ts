/** A Go program of 50,000 functions, written and compiled once: large enough to be slow if something is. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTarget, ROOT } from '../test/targets/build-targets.js';
import type { Build } from '../test/targets/builds.js';

const PACKAGES = 50;
const FUNCTIONS_EACH = 1000;

/** Path of the program; it obeys `quit` and the end of its input, and calls none of the functions by itself. */
export async function wideProgram(): Promise<string> {
  const folder = join(ROOT, 'build/wide-source');
  writeSources(folder);
  const build: Build = { name: 'wide-go', source: folder, command: 'go', args: ['build', '-o'] };
  return buildTarget(build);
}

function writeSources(folder: string): void {
  writeOnce(join(folder, 'go.mod'), 'module wide\n\ngo 1.21\n');
  writeOnce(join(folder, 'main.go'), mainSource());
  for (let index = 0; index < PACKAGES; index++) writeOnce(join(folder, `p${index}`, 'p.go'), packageSource(index));
}

/** Leaves a file that is there: the compiled program is then newer than its source. */
function writeOnce(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function packageSource(index: number): string {
  const functions = Array.from({ length: FUNCTIONS_EACH }, (_, n) => {
    return `//go:noinline\nfunc F${n}(n int) int { return leaf(n) + ${n} }\n`;
  });
  const table = Array.from({ length: FUNCTIONS_EACH }, (_, n) => `F${n}`).join(', ');
  return [
    `package p${index}`,
    '//go:noinline\nfunc leaf(n int) int { return n ^ 1 }\n',
    ...functions,
    `var All = [...]func(int) int{${table}}`,
  ].join('\n');
}

function mainSource(): string {
  const names = Array.from({ length: PACKAGES }, (_, index) => `p${index}`);
  return `package main

import (
\t"bufio"
\t"fmt"
\t"os"
${names.map((name) => `\t"wide/${name}"`).join('\n')}
)

func main() {
\tfmt.Printf("{\\"ready\\":true,\\"pid\\":%d}\\n", os.Getpid())
\tlines, sum := bufio.NewScanner(os.Stdin), 0
\tfor lines.Scan() {
${names.map((name) => `\t\tfor _, f := range ${name}.All {\n\t\t\tsum += f(sum)\n\t\t}`).join('\n')}
\t\tfmt.Printf("{\\"sum\\":%d}\\n", sum)
\t}
}
`;
}
