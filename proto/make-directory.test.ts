import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeDirectory } from './make-directory.js';

test('a directory is made with those above it, for its owner alone, and once more without harm', (t) => {
  const path = join(mkdtempSync(join(tmpdir(), 'coral-make-')), 'a', 'b');
  makeDirectory(path);
  makeDirectory(path);
  t.is(statSync(path).mode & 0o777, 0o700);
  t.is(statSync(join(path, '..')).mode & 0o777, 0o700);
});

test('where none can be made that is said at once', (t) => {
  const file = join(mkdtempSync(join(tmpdir(), 'coral-make-')), 'file');
  writeFileSync(file, '');
  t.like(
    t.throws(() => makeDirectory('/proc/coral/deeper')),
    { code: 'ENOENT' },
  );
  t.like(
    t.throws(() => makeDirectory(join(file, 'below'))),
    { code: 'ENOTDIR' },
  );
});
