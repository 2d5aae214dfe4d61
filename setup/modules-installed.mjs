// Exit status 0 when node_modules holds what package-lock.json asks for, by npm's own record of what it installed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

try {
  const wanted = packagesOf(`${root}package-lock.json`);
  const installed = packagesOf(`${root}node_modules/.package-lock.json`);
  process.exit(Object.entries(wanted).every(([path, entry]) => satisfied(path, entry, installed)) ? 0 : 1);
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
  process.exit(1);
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function satisfied(path, entry, installed) {
  if (path === '') return true;
  const found = installed[path];
  return found === undefined ? entry.optional === true : found.version === entry.version;
}
