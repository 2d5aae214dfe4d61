/** The separate file with a program's symbols, as distributions ship them: by build id, or by debug link. */

import { existsSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildIdOf } from '../elf/build-id.js';
import { cString, type Elf, readElf, sectionBytes, sectionNamed } from '../elf/elf.js';
import { type FileBytes, openFileBytes } from '../elf/file-bytes.js';

const DEBUG_ROOT = '/usr/lib/debug';

/** Opens the debug file that fits this build; null when there is none. One of another build is passed over. */
export function findDebugFile(elf: Elf, buildId: string): Elf | null {
  for (const path of candidates(elf, buildId)) {
    if (!existsSync(path)) continue;
    const found = readElf(openFileBytes(path));
    if (buildIdOf(found) === buildId) return found;
  }
  return null;
}

function candidates(elf: Elf, buildId: string): string[] {
  const byId = /^[0-9a-f]{6,}$/.test(buildId)
    ? [join(DEBUG_ROOT, '.build-id', buildId.slice(0, 2), `${buildId.slice(2)}.debug`)]
    : [];
  const section = sectionNamed(elf, '.gnu_debuglink');
  if (section === undefined) return byId;
  const name = cString(sectionBytes(elf, section), 0);
  const folder = dirname(realPath(elf.file));
  return [...byId, join(folder, name), join(folder, '.debug', name), join(DEBUG_ROOT, folder, name)];
}

/** As the kernel knows the open file: the process by which it was found may have ended long ago. */
function realPath({ path, reopenPath }: FileBytes): string {
  return reopenPath === null ? path : readlinkSync(reopenPath).replace(/ \(deleted\)$/, '');
}
