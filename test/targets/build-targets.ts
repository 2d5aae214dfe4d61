/** Compiles targets on demand into build/targets, and again only when a source is newer. */

import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Build } from './builds.js';
import { goRelease } from './go-release.js';

/** The checkout: three folders above the compiled file. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const SOURCES = join(ROOT, 'test/targets');
const TARGETS = join(ROOT, 'build/targets');

const run = promisify(execFile);

/** The path of the built program. Rejects with the compiler's words. */
export async function buildTarget(build: Build): Promise<string> {
  if (build.library !== undefined) await buildTarget(build.library);
  const path = join(TARGETS, build.name);
  const folder = workFolder(build);
  if ((await modifiedMs(path)) < (await newestMs(folder))) await compile(build, folder, path);
  return path;
}

/** Under a name of its own first: two test files may want the same target at once, and one may be running. */
async function compile(build: Build, folder: string, path: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await mkdir(TARGETS, { recursive: true });
  const release = build.release === undefined ? {} : await goRelease(build.release, TARGETS);
  await run(build.command, [...build.args, unfinished], { cwd: folder, env: { ...process.env, ...build.env, ...release } });
  if (build.symbols !== undefined) await run('sh', [join(SOURCES, 'separate-symbols.sh'), unfinished, build.name, build.symbols]);
  await rename(unfinished, path);
}

function workFolder(build: Build): string {
  const source = resolve(SOURCES, build.source);
  return build.command === 'go' ? source : dirname(source);
}

async function newestMs(folder: string): Promise<number> {
  const names = await readdir(folder);
  return Math.max(...(await Promise.all(names.map((name) => modifiedMs(join(folder, name))))));
}

async function modifiedMs(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
