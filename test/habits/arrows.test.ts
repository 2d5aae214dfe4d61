import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { ROOT } from '../targets/build-targets.js';

/** What the linter says of one import in a file of this name, in a tree of its own under our rules. */
async function lint(path: string, code: string): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'coral-arrows-'));
  try {
    await cp(join(ROOT, 'biome.json'), join(tree, 'biome.json'));
    await cp(join(ROOT, 'setup/arrows'), join(tree, 'setup/arrows'), { recursive: true });
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), code);
    return await wordsOfLinter(tree);
  } finally {
    await rm(tree, { recursive: true });
  }
}

/** Its exit status says only whether there were words. */
async function wordsOfLinter(tree: string): Promise<string> {
  const linting = promisify(execFile)(join(ROOT, 'node_modules/.bin/biome'), ['lint', '.'], { cwd: tree });
  const { stdout, stderr } = await linting.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

const importing = (name: string) => `import value from '${name}';\nconsole.log(value);\n`;

const FORBIDDEN: [string, string, string][] = [
  ['tui/state/x.ts', importing('../view/live.js'), 'tui/state knows neither view'],
  ['tui/view/x.ts', importing('blessed'), 'one owner: tui/screen'],
  ['colony/fleet/x.ts', importing('@duckdb/node-api'), 'one owner: colony/store'],
  ['agent/sessions/x.ts', importing('yargs'), 'one owner: cli'],
  ['agent/sites/x.ts', importing('node:fs'), 'this folder is pure'],
  ['agent/kernel/x.ts', importing('../sessions/session.js'), 'neither finds nor plans'],
  ['cli/format/x.ts', importing('../commands/top.js'), 'values in, text out'],
  ['colony/sessions/x.ts', 'console.log(process.env.HOME);\n', 'config.ts'],
  ['tui/feed/x.ts', "console.log(await import('@grpc/grpc-js'));\n", 'one owner: proto'],
];

for (const [path, code, words] of FORBIDDEN) {
  test(`${path} may not: ${code.split('\n')[0]}`, async (t) => t.true((await lint(path, code)).includes(words)));
}

const ALLOWED: [string, string][] = [
  ['tui/view/x.ts', importing('../state/state.js')],
  ['tui/screen/x.ts', importing('blessed')],
  ['colony/store/x.ts', importing('@duckdb/node-api')],
  ['agent/sites/x.ts', importing('iced-x86')],
];

for (const [path, code] of ALLOWED) {
  test(`${path} may: ${code.split('\n')[0]}`, async (t) => t.false(/plugin/.test(await lint(path, code))));
}
