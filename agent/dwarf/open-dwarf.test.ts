import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openImage } from '../symbols/open-image.js';
import { openDwarf } from './open-dwarf.js';

const folder = mkdtempSync(join(tmpdir(), 'coral-dwarf-'));
test.after.always(() => rmSync(folder, { recursive: true }));

/** A library of one function `f` with this text as its debug information; `.Lunit` is where the unit begins. */
function assemble(name: string, entries: string): string {
  const path = join(folder, name);
  execFileSync('gcc', ['-shared', '-nostdlib', '-x', 'assembler', '-', '-o', path], { input: HEAD + entries + TAIL });
  return path;
}

/**
 * Abbreviations: 1 unit of code, 2 block that names its sibling, 3 typedef, 4 function, 5 parameter, 6 enumeration, 7 class,
 * 8 field, 9 array, 10 its range, 11 number.
 */
const HEAD = `
.text
.globl f
.type f, @function
f: push %rbp
 pop %rbp
 ret
.size f, 3
.section .debug_abbrev,"",@progbits
.byte 1, 0x11, 1, 0x11, 0x01, 0x12, 0x06, 0, 0
.byte 2, 0x0b, 1, 0x01, 0x13, 0, 0
.byte 3, 0x16, 0, 0x49, 0x13, 0, 0
.byte 4, 0x2e, 1, 0x11, 0x01, 0x12, 0x06, 0, 0
.byte 5, 0x05, 0, 0x49, 0x13, 0, 0
.byte 6, 0x04, 0, 0x49, 0x13, 0, 0
.byte 7, 0x02, 1, 0, 0
.byte 8, 0x0d, 0, 0x49, 0x13, 0, 0
.byte 9, 0x01, 1, 0x49, 0x13, 0, 0
.byte 10, 0x21, 0, 0x2f, 0x0b, 0, 0
.byte 11, 0x24, 0, 0x0b, 0x0b, 0x3e, 0x0b, 0, 0
.byte 0
.section .debug_info,"",@progbits
.Lunit: .long .Lend - .Lbegin
.Lbegin: .short 4
.long 0
.byte 8, 1
.quad f
.long 3
`;
const TAIL = '\n.byte 0\n.Lend:\n';

function addressOfF(path: string): number {
  const { functions } = openImage(path);
  return functions.address(functions.find('f')[0]!);
}

/** Two to the 45th paths through 45 blocks: each is the first entry of the one before, and what follows it. */
const BLOCKS = Array.from({ length: 45 }, (_, i) => `.Lb${i}: .byte 2\n.long .Lb${i + 1} - .Lunit\n`).join('');

test('entries that lead into one another are seen once', (t) => {
  const path = assemble('blocks', `${BLOCKS}.Lb45: .byte 0`);
  const dwarf = openDwarf(path);
  t.deepEqual([...dwarf.inlinedCopies()], []);
  t.is(dwarf.functionPlaces().addresses.length, 0);
  t.is(dwarf.describe(addressOfF(path)), null);
  dwarf.close();
});

test('a type that stands for itself is described', (t) => {
  const entries = '.Lt: .byte 3\n.long .Lt - .Lunit\n.byte 4\n.quad f\n.long 3\n.byte 5\n.long .Lt - .Lunit\n.byte 0';
  const path = assemble('typedef', entries);
  const dwarf = openDwarf(path);
  const types = dwarf.describe(addressOfF(path))?.types;
  t.deepEqual(
    types?.map((type) => type?.kind),
    ['alias'],
  );
  dwarf.close();
});

test('an enumeration and a class of types that stand for themselves are described', (t) => {
  const entries = `.Lt: .byte 3
.long .Lt - .Lunit
.Le: .byte 6
.long .Lt - .Lunit
.Lc: .byte 7
.byte 8
.long .Lt - .Lunit
.byte 8
.long .Lc - .Lunit
.byte 0
.byte 4
.quad f
.long 3
.byte 5
.long .Le - .Lunit
.byte 5
.long .Lc - .Lunit
.byte 0`;
  const path = assemble('enumeration', entries);
  const dwarf = openDwarf(path);
  const types = dwarf.describe(addressOfF(path))?.types;
  t.deepEqual(
    types?.map((type) => type?.kind),
    ['enum', 'struct', 'alias'],
  );
  dwarf.close();
});

test('an array is as large as all its dimensions, also where nothing tells the language, as in parts that units share (dwz)', (t) => {
  const entries = `.Ln: .byte 11, 4, 5
.La: .byte 9
.long .Ln - .Lunit
.byte 10, 1
.byte 10, 2
.byte 0
.byte 4
.quad f
.long 3
.byte 5
.long .La - .Lunit
.byte 0`;
  const path = assemble('array', entries);
  const dwarf = openDwarf(path);
  t.like(dwarf.describe(addressOfF(path))?.types[0], { kind: 'array', size: 24, count: 6 });
  dwarf.close();
});

test('a file that is cut short while it is open tells what it told', (t) => {
  const path = join(folder, 'cut');
  execFileSync('gcc', ['-shared', '-g', '-x', 'c', '-', '-o', path], { input: 'int f(int x) { return x; }' });
  const dwarf = openDwarf(path);
  const address = addressOfF(path);
  truncateSync(path);
  t.is(dwarf.describe(address)?.name, 'f');
  dwarf.close();
});

for (const version of ['4', '5']) {
  test(`a function whose debug information lies in another file is told from one without (DWARF ${version})`, (t) => {
    const source = 'int f(int x) { return x; }';
    const build = (name: string, ...flags: string[]): string => {
      const path = join(folder, name);
      const compile = ['-c', `-gdwarf-${version}`, ...flags, '-x', 'c', '-', '-o', `${path}.o`];
      execFileSync('gcc', compile, { input: source, cwd: folder });
      execFileSync('gcc', ['-shared', `${path}.o`, '-o', path]);
      return path;
    };
    const [split, whole] = [build(`split-${version}`, '-gsplit-dwarf'), build(`whole-${version}`)];
    for (const path of [split, whole]) {
      const dwarf = openDwarf(path);
      t.is(dwarf.isSplitAt(addressOfF(path)), path === split);
      t.is(dwarf.describe(addressOfF(path)) === null, path === split);
      dwarf.close();
    }
  });
}
