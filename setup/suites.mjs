// What there is to run: the rooms' tests, two files at a time; the whole-stack stories, one at a time, because they
// compare times; the Go modules.
import { existsSync } from 'node:fs';

// go test strips its binaries unless told; tests of the SDK read their own symbols.
const GO_SYMBOLS = '-ldflags=-s=0 -w=0';
const AVA = 'node_modules/.bin/ava';
const STORIES = 'build/test/**/*.test.js';
const ROOTED = 'build/*/test/**';

export function suitesFor(args) {
  if (args[0] === '--no-root')
    return [ava('tests without root', ['build/**/*.test.js', `!${ROOTED}`, `!${STORIES}`]), ...goModules()];
  if (args.length > 0) return [ava('chosen tests', ['--concurrency', '1', ...args])];
  return [ava('rooms', ['build/**/*.test.js', `!${STORIES}`]), ava('stories', ['--concurrency', '1', STORIES]), ...goModules()];
}

function ava(title, args) {
  return { title, reader: 'tap', command: AVA, args: ['--tap', ...args] };
}

function goModules() {
  return ['sdk/go', 'examples/checkout']
    .filter((cwd) => existsSync(`${cwd}/go.mod`))
    .map((cwd) => ({ title: cwd, reader: 'go', command: 'go', args: ['test', GO_SYMBOLS, '-json', './...'], cwd }));
}
