/** Programs from package registries; installed when a test wants one that is missing. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../targets/build-targets.js';

const run = promisify(execFile);

/** The path, after its package was installed if need be. Rejects with apt's words when it cannot be had. */
export async function installed(path: string, ...packages: string[]): Promise<string> {
  if (!existsSync(path)) await install(packages);
  if (!existsSync(path)) throw new Error(`${path} is not in ${packages.join(', ')}`);
  return path;
}

/** Services that a package would start are kept from it: the tests start their own. */
async function install(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['update', '-q'], { env });
  await run('apt-get', ['install', '-qy', '--no-install-recommends', ...packages], { env });
}

/** The path of a Go program, built once from the module proxy (`example.com/tool@v1.2.3`) by this machine's Go. */
export async function goProgram(name: string, module: string): Promise<string> {
  const folder = join(ROOT, 'build/targets/go-modules');
  const path = join(folder, name);
  if (!existsSync(path)) await run('go', ['install', module], { env: { ...process.env, GOBIN: folder } });
  return path;
}
