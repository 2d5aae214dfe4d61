import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readElf } from '../symbols/elf/elf.js';
import { openFileBytes } from '../symbols/elf/file-bytes.js';
import { openImage } from '../symbols/open-image.js';
import { planCapture } from '../values/capture-plan.js';
import { DebugTypes } from './debug-types.js';

const folder = mkdtempSync(join(tmpdir(), 'coral-debug-types-'));
test.after.always(() => rmSync(folder, { recursive: true }));

test('of a struct with many fields those that are not read are counted', (t) => {
  const path = join(folder, 'many');
  const fields = Array.from({ length: 70 }, (_, i) => `char f${i};`).join('');
  execFileSync('gcc', ['-shared', '-g', '-x', 'c', '-', '-o', path], {
    input: `struct s {${fields}}; int f(struct s x) { return x.f0; }`,
  });
  const image = openImage(path);
  const types = new DebugTypes().describe({ image, openPath: path, shownPath: path }, [...image.functions.find('f')][0]!);
  const { recipe } = planCapture(types, 'c').entry.values[0]!;
  t.is(recipe.kind === 'struct' && recipe.fields.length, 65);
  t.like(recipe, { fields: { 64: { name: '…', value: { kind: 'unreadable', reason: '6 more fields are not read' } } } });
});

test('debug information in a compression that libdw does not know is refused as that', (t) => {
  const path = join(folder, 'packed');
  execFileSync('gcc', ['-shared', '-g', '-gz=zlib', '-x', 'c', '-', '-o', path], { input: 'int f(int x) { return x; }' });
  const image = openImage(path);
  const program = { image, openPath: path, shownPath: path };
  const row = [...image.functions.find('f')][0]!;
  t.is(new DebugTypes().describe(program, row).name, 'f');
  const bytes = readFileSync(path);
  for (const { compressed, offset } of readElf(openFileBytes(path)).sections) if (compressed) bytes.writeUInt32LE(2, offset);
  writeFileSync(path, bytes);
  t.throws(() => new DebugTypes().describe(program, row), { code: 'UNSUPPORTED', message: /compressed by zstd/ });
});
