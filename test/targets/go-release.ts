/** Other Go releases: the go command fetches them as modules. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The environment in which `go` is that release, fetched if need be. Behind a link in `folder`, because Go 1.19 does not
 * find its own packages below a module cache.
 */
export async function goRelease(release: string, folder: string): Promise<Record<string, string>> {
  const env = { ...process.env, GOTOOLCHAIN: `go${release}` };
  const { stdout } = await promisify(execFile)('go', ['env', 'GOROOT'], { env });
  const link = join(folder, `go${release}`);
  await mkdir(folder, { recursive: true });
  if (!existsSync(link)) await relink(stdout.trim(), link);
  return { GOROOT: link, GOTOOLCHAIN: 'local', PATH: `${link}/bin:${process.env.PATH}` };
}

/** A link that leads nowhere is in the way as well; somebody else may be quicker. */
async function relink(goRoot: string, link: string): Promise<void> {
  await unlink(link).catch(() => undefined);
  await symlink(goRoot, link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
