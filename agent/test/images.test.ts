/** Real programs, read by us and by other tools: Go's compiler, nm and objdump tell the truth. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { decodeFunctionIndex } from '../../proto/function-index.js';
import { selectFunctions } from '../select/select-functions.js';
import { decideSites, summarizeSites } from '../sites/decide-sites.js';
import { packFunctionIndex } from '../symbols/function-index.js';
import type { Image } from '../symbols/image.js';
import { openImage } from '../symbols/open-image.js';

const SOURCE = `package main

type Server struct{ n int }

//go:noinline
func (s *Server) Checkout(id string) int {
	s.n += len(id)
	return s.n + tiny(s.n)
}

func tiny(n int) int { return n * 3 }

//go:noinline
func leaf(a, b int) int { return a*b + 1 }

//go:noinline
func sum[T int | float64](xs ...T) (total T) {
	for _, x := range xs {
		total += x
	}
	return total
}

func main() {
	s := &Server{}
	println(s.Checkout("x"), leaf(2, 3), sum(1, 2), sum(1.5), tiny(s.n))
}
`;

const C_SOURCE = `
#include <stdio.h>
#include <stdlib.h>
__attribute__((noinline, cold)) static void fail(int n) { fprintf(stderr, "%d", n); exit(n); }
__attribute__((noinline)) int work(int n) { if (n > 1000) { fprintf(stderr, "big"); fail(n); } return n * 7 + rand(); }
__attribute__((noinline)) int choose(int n) { switch (n) { case 0: return rand(); case 1: return 7 + rand(); case 2: return abs(n) * rand();
  case 3: puts("3"); return 1; case 4: return rand() / 3; case 5: return n * 5; case 6: puts("6"); return 2; default: return 0; } }
int alias(int) __attribute__((alias("work")));
int main(int argc, char **argv) { return work(argc) + choose(argc) + alias(argc); }
`;

const folder = join(tmpdir(), 'coral-images');
const inFolder = (name: string): string => join(folder, name);

function buildGo(name: string, ...flags: string[]): string {
  execFileSync('go', ['build', ...flags, '-o', inFolder(name), '.'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  return inFolder(name);
}

test.before(() => {
  mkdirSync(inFolder('c'), { recursive: true });
  writeFileSync(inFolder('main.go'), SOURCE);
  writeFileSync(inFolder('go.mod'), 'module example.com/images\n\ngo 1.21\n');
  writeFileSync(inFolder('c/work.c'), C_SOURCE);
});

/** Address to size and name of every function, by nm. */
function symbolsByNm(path: string): Map<number, { size: number; name: string }> {
  const text = execFileSync('nm', ['-S', path], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const found = [...text.matchAll(/^([0-9a-f]+) ([0-9a-f]+) [tT] (.*)$/gm)];
  return new Map(
    found.map(([, address, size, name]) => [Number.parseInt(address!, 16), { size: Number.parseInt(size!, 16), name: name! }]),
  );
}

/** Where instructions start, by objdump. */
function boundaries(path: string): Set<number> {
  const text = execFileSync('objdump', ['-d', '--no-show-raw-insn', path], { encoding: 'latin1', maxBuffer: 1 << 28 });
  return new Set([...text.matchAll(/^ *([0-9a-f]+):\t/gm)].map(([, address]) => Number.parseInt(address!, 16)));
}

interface Planned {
  planned: number;
  sites: number;
  /** Sites that are no instruction, and functions of which a list would say something else. */
  outside: string[];
}

function planAll(image: Image, starts: ReadonlySet<number>): Planned {
  const result: Planned = { planned: 0, sites: 0, outside: [] };
  for (let row = 0; row < image.functions.count; row++) {
    const decision = decideSites(image, row);
    const summary = summarizeSites(image, row);
    if (decision.ok !== summary.ok) result.outside.push(`${image.functions.name(row)}: the summary says otherwise`);
    if (!decision.ok || !summary.ok) continue;
    const returns = decision.sites.filter((site) => site.role !== 'entry').length;
    const isSame =
      summary.returnSites === returns &&
      summary.untimedReason === decision.untimedReason &&
      summary.entryCost === decision.sites[0]?.cost;
    if (!isSame) result.outside.push(`${image.functions.name(row)}: the summary differs`);
    result.planned++;
    result.sites += decision.sites.length;
    for (const site of decision.sites) {
      if (!starts.has(site.address)) result.outside.push(`${image.functions.name(row)} 0x${site.address.toString(16)}`);
    }
  }
  return result;
}

for (const [kind, flags] of Object.entries({ plain: [], pie: ['-buildmode=pie'], unoptimised: ['-gcflags=-N -l'] })) {
  test(`a Go program (${kind}) has the functions that nm lists, and every site is an instruction of objdump's`, (t) => {
    const path = buildGo(`go-${kind}`, ...flags);
    const image = openImage(path);
    const truth = symbolsByNm(path);
    const { functions } = image;
    t.is(image.language, 'go');
    t.is(image.symbols, 'pclntab');
    const checked = ['main.(*Server).Checkout', 'main.leaf', 'main.main', 'runtime.mallocgc', 'runtime.memmove'];
    for (const name of checked) {
      const row = functions.find(name).find((each: number) => truth.get(functions.address(each))?.name.startsWith(name)) ?? -1;
      t.true(row >= 0, name);
      t.is(functions.size(row), truth.get(functions.address(row))?.size ?? -1, `size of ${name}`);
    }
    const unknown = Array.from({ length: functions.count }, (_, row) => row).filter((row) => !truth.has(functions.address(row)));
    t.deepEqual(unknown, []);
    const planned = planAll(image, boundaries(path));
    t.deepEqual(planned.outside, []);
    t.true(planned.planned > functions.count * 0.99, `${planned.planned} of ${functions.count}`);
  });
}

test('a stripped Go program tells the same functions, lines and inlined copies', (t) => {
  const full = openImage(buildGo('go-full'));
  const stripped = openImage(buildGo('go-stripped', '-ldflags=-s -w'));
  const [row] = stripped.functions.find('main.(*Server).Checkout');
  t.deepEqual(stripped.functions.names(), full.functions.names());
  t.regex(stripped.functions.file(row!), /main\.go$/);
  t.is(stripped.functions.line(row!), 6);
  t.is(stripped.inlined.withoutBody().get('main.tiny'), 2, 'in Checkout and in main');
  t.is(stripped.functions.find('main.sum[...]').length, 2, 'one body a shape');
  t.is(stripped.functions.find('main.sum[go.shape.int]').length, 1);
  t.regex(stripped.go?.version ?? '', /^go1\.\d+/);
});

test('a Go program whose function table was disguised is unsupported, not damaged', (t) => {
  const bytes = readFileSync(buildGo('go-stripped', '-ldflags=-s -w'));
  const magic = Buffer.of(0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8);
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic)) bytes.writeUInt32LE(0x6dad0b1b, at);
  writeFileSync(inFolder('go-disguised'), bytes);
  t.throws(() => openImage(inFolder('go-disguised')), { code: 'UNSUPPORTED', message: /obfuscator/ });
});

test('selection and index of a real program agree', (t) => {
  const image = openImage(buildGo('go-full'));
  const { rows } = selectFunctions(image, ['Server.Checkout']);
  const index = decodeFunctionIndex(packFunctionIndex(image));
  t.is(index.names[rows[0]!], 'main.(*Server).Checkout');
  t.is(index.line[rows[0]!], 6);
  t.is(index.offset[rows[0]!] ?? -1, image.fileOffset(image.functions.address(rows[0]!)) ?? -2);
});

test('a C program: aliases share a body, cold parts belong to their function, sites are instructions', (t) => {
  execFileSync('gcc', ['-O2', '-g0', '-o', inFolder('c/work'), inFolder('c/work.c')]);
  const image = openImage(inFolder('c/work'));
  const { functions } = image;
  t.is(image.language, 'c');
  t.deepEqual(functions.find('work'), functions.find('alias'));
  t.false(functions.names().some((name) => name.includes('.cold')));
  const starts = boundaries(inFolder('c/work'));
  t.deepEqual(planAll(image, starts).outside, []);
  for (const name of ['work', 'choose']) {
    const decision = decideSites(image, functions.find(name)[0]!);
    t.true(decision.ok && decision.untimedReason === '', name);
    if (decision.ok) for (const site of decision.sites) t.is(image.stackDepth(0, site.address), 0, `${name} ${site.instruction}`);
  }
});

test('the C library: resolvers are refused, no site is outside of the instructions that objdump sees', (t) => {
  const path = '/lib/x86_64-linux-gnu/libc.so.6';
  const image = openImage(path);
  const planned = planAll(image, boundaries(path));
  t.deepEqual(planned.outside, []);
  t.true(planned.planned > image.functions.count * 0.95);
  const [resolver] = image.functions.find('strlen');
  const decision = decideSites(image, resolver!);
  t.false(decision.ok);
  if (!decision.ok) t.is(decision.code, 'IFUNC');
});

test('a Go program without build info tells its release, or at least where goroutines keep their numbers, by its functions', (t) => {
  const path = buildGo('go-nameless', '-ldflags=-s -w');
  const truth = openImage(path).go;
  execFileSync('objcopy', ['--remove-section', '.go.buildinfo', path]);
  const told = openImage(path).go;
  t.true(
    told?.version !== '' && truth?.version.startsWith(told?.version ?? '?'),
    `${truth?.version} was told as ${told?.version}`,
  );
  t.deepEqual([told?.goidOffset, told?.statusOffset], [truth?.goidOffset, truth?.statusOffset]);
});

test('DWARF tells the file and line of C functions, also of one whose unlikely part was moved away, and what was inlined', (t) => {
  execFileSync('gcc', ['-O2', '-g', '-o', inFolder('c/lines'), inFolder('c/work.c')]);
  const { functions, inlined } = openImage(inFolder('c/lines'));
  const lines = C_SOURCE.split('\n');
  for (const name of ['work', 'choose', 'main']) {
    const [row] = functions.find(name);
    t.regex(functions.file(row!), /c\/work\.c$/);
    t.is(functions.line(row!), lines.findIndex((line) => line.includes(` ${name}(int`)) + 1, name);
  }
  t.is(inlined.withoutBody().size, 0);
});

test('MiniDebugInfo names what was stripped; a damaged one is told', (t) => {
  const path = inFolder('c/mini');
  execFileSync('gcc', ['-O2', '-o', path, inFolder('c/work.c')]);
  execFileSync('objcopy', ['--only-keep-debug', '--keep-symbol=work', '--strip-all', path, `${path}.debug`]);
  execFileSync('xz', ['--force', `${path}.debug`]);
  execFileSync('strip', [path]);
  execFileSync('objcopy', ['--add-section', `.gnu_debugdata=${path}.debug.xz`, path, `${path}.whole`]);
  const image = openImage(`${path}.whole`);
  t.is(image.symbols, 'minidebuginfo');
  t.is(image.functions.find('work').length, 1);

  writeFileSync(`${path}.cut`, readFileSync(`${path}.debug.xz`).subarray(0, 200));
  execFileSync('objcopy', ['--add-section', `.gnu_debugdata=${path}.cut`, path, `${path}.damaged`]);
  t.throws(() => openImage(`${path}.damaged`), { message: /section \.gnu_debugdata: damaged xz data/ });
});

test('where some symbols were kept when the others were stripped, exported functions are found too', (t) => {
  writeFileSync(
    inFolder('c/kept.c'),
    'static int inner(int n) { return n + 1; }\nint one(int n) { return inner(n); }\nint two(int n) { return n; }\n',
  );
  const path = inFolder('c/kept.so');
  execFileSync('gcc', ['-O0', '-shared', '-fPIC', '-o', path, inFolder('c/kept.c')]);
  execFileSync('strip', ['--strip-all', '--keep-symbol=inner', path]);
  const { symbols, functions } = openImage(path);
  t.is(symbols, 'dynsym');
  for (const name of ['inner', 'one', 'two']) t.is(functions.find(name).length, 1, name);
});

test('the debug file of a program is found when the process by which it was opened has ended', async (t) => {
  writeFileSync(inFolder('c/apart.c'), '#include <unistd.h>\nint main(void) { pause(); return 0; }\n');
  const path = inFolder('c/apart');
  execFileSync('gcc', ['-g', '-o', path, inFolder('c/apart.c')]);
  execFileSync('objcopy', ['--only-keep-debug', path, `${path}.debug`]);
  execFileSync('objcopy', ['--strip-debug', `--add-gnu-debuglink=${path}.debug`, path]);
  const child = spawn(path, { stdio: 'ignore' });
  await once(child, 'spawn');
  const { functions } = openImage(`/proc/${child.pid}/exe`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const [main = -1] = functions.find('main');
  t.is(functions.file(main), inFolder('c/apart.c'));
  t.is(functions.line(main), 2);
});

test('names beyond ASCII are what the sources say, in C and in Go', (t) => {
  const source =
    '__attribute__((noinline)) int größe(int n) { __asm__(""); return n + 1; }\nint main(int n) { return größe(n); }\n';
  execFileSync('gcc', ['-O1', '-x', 'c', '-', '-o', inFolder('letters-c')], { input: source });
  mkdirSync(inFolder('letters'), { recursive: true });
  const goSource = 'package main\n\n//go:noinline\nfunc größe(n int) int { return n + 1 }\n\nfunc main() { println(größe(1)) }\n';
  writeFileSync(inFolder('letters/main.go'), goSource);
  execFileSync('go', ['build', '-o', inFolder('letters-go'), './letters'], { cwd: folder });
  for (const [path, name] of [
    [inFolder('letters-c'), 'größe'],
    [inFolder('letters-go'), 'main.größe'],
  ] as const) {
    const image = openImage(path);
    t.deepEqual(selectFunctions(image, ['größe']).rows.map(image.functions.name), [name]);
  }
});
