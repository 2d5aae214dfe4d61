/** What compilers make out of one function, and what a name then selects. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { requireFunctions } from '../select/select-functions.js';
import { openImage } from '../symbols/open-image.js';
import { withoutDelegates } from '../targets/delegates.js';

const folder = mkdtempSync(join(tmpdir(), 'coral-names-'));

const MAKERS = `
struct Base { virtual int f(); Base(int); virtual ~Base(); };
struct Derived : virtual Base { Derived(int); ~Derived(); };
volatile int sink;
__attribute__((noinline)) Base::Base(int x) { sink = x; }
__attribute__((noinline)) Base::~Base() { sink = 1; }
int Base::f() { return sink; }
__attribute__((noinline)) Derived::Derived(int x) : Base(x) { sink = x; }
__attribute__((noinline)) Derived::~Derived() { sink = 2; }
`;

function build(name: string, source: string, ...compiler: string[]): string {
  const [command = '', ...flags] = compiler;
  const path = join(folder, name);
  writeFileSync(`${path}.cc`, source);
  execFileSync(command, [...flags, `${path}.cc`, '-o', path]);
  return path;
}

/** Symbols as in the file, by the name that a person types. */
function chosenBodies(path: string, name: string): string[][] {
  const image = openImage(path);
  const symbols = execFileSync('nm', [path], { encoding: 'utf8' }).trim().split('\n');
  const rows = requireFunctions(image, [name]);
  return withoutDelegates(image, image.functions.name(rows[0]!), rows).map((row) => {
    const address = image.functions.address(row).toString(16).padStart(16, '0');
    return symbols.filter((line) => line.startsWith(address)).map((line) => line.split(' ').at(-1)!);
  });
}

for (const compiler of ['g++ -O0', 'g++ -O2', 'g++ -O2 -fcf-protection', 'g++ -O2 -fno-plt', 'clang++ -O0', 'clang++ -O2']) {
  test(`${compiler}: a destructor that deletes calls the one that does the work, which alone counts, also in a library`, (t) => {
    const path = build(`makers-${compiler.replaceAll(/\W+/g, '-')}.so`, MAKERS, ...compiler.split(' '), '-shared', '-fPIC');
    const destructors = chosenBodies(path, 'Base::~Base').flat();
    t.true(destructors.includes('_ZN4BaseD2Ev'));
    t.false(destructors.includes('_ZN4BaseD0Ev'));
    t.true(chosenBodies(path, 'Base::Base').flat().includes('_ZN4BaseC2Ei'));
  });
}

test('with a virtual base both constructors do the work, and both count', (t) => {
  const path = build('virtual.so', MAKERS, 'g++', '-O1', '-shared', '-fPIC');
  t.deepEqual(chosenBodies(path, 'Derived::Derived').flat().sort(), ['_ZN7DerivedC1Ei', '_ZN7DerivedC2Ei']);
});
