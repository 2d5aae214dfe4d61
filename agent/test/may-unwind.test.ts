/** Real processes: what they are linked with decides. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type MayUnwind, mayUnwind } from '../procfs/may-unwind.js';

const folder = mkdtempSync(join(tmpdir(), 'coral-unwind-'));
const WAITS = 'puts("ready"); fflush(stdout); getchar();';
const HEAD = '#include <stdio.h>\n#include <stdlib.h>\n';

/** Compiles, runs up to its word, asks, ends it. */
async function ask(name: string, source: string, ...compiler: string[]): Promise<MayUnwind> {
  const [command = '', suffix = '', ...flags] = compiler;
  const path = join(folder, name);
  writeFileSync(`${path}${suffix}`, HEAD + source);
  execFileSync(command, [`${path}${suffix}`, '-o', path, ...flags]);
  const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const answer = mayUnwind(child.pid as number);
  child.kill('SIGKILL');
  return answer;
}

test('a plain C program cannot unwind', async (t) => {
  t.deepEqual(await ask('plain', `int main(void) { ${WAITS} return 0; }`, 'gcc', '.c'), {
    may: false,
    because: [],
    jumps: false,
  });
});

test('a C program that switches stacks may, and says by what', async (t) => {
  const source = `#include <ucontext.h>\nint main(void) { ucontext_t c, d; ${WAITS} getcontext(&c); c.uc_link = 0; makecontext(&c, abort, 0); swapcontext(&d, &c); }`;
  const { may, because } = await ask('switches', source, 'gcc', '.c');
  t.true(may);
  t.regex(because.join(), /switches has or imports (make|swap)context/);
});

test('code that was written into a file, as Erlang and .NET do, may be any, and damages nothing', async (t) => {
  const source = `#include <sys/mman.h>\n#include <unistd.h>\nint main(void) { int f = memfd_create("vmem", 0); ftruncate(f, 8192);
    mmap(0, 8192, PROT_READ | PROT_EXEC, MAP_SHARED, f, 0); ${WAITS} return 0; }`;
  const { may, because } = await ask('writes-code', source, 'gcc', '.c', '-D_GNU_SOURCE');
  t.true(may);
  t.deepEqual(because, ['memfd:vmem holds code, but is no program: nobody can tell what it does']);
});

for (const [how, code] of [
  ['a register', 'mov %rdi, %rsp'],
  ['memory', 'mov 8(%rdi), %rsp'],
  ['an exchange', 'xchg %rsp, (%rdi)'],
] as const) {
  test(`a C program that switches stacks by hand may: by ${how}`, async (t) => {
    const source = `__attribute__((naked)) void leap(void *to) { __asm__("${code}\\n ret"); }\nint main(int n, char **v) { ${WAITS} if (n > 7) leap(v); return 0; }`;
    const { because } = await ask(`leaps-${how.replace(' ', '-')}`, source, 'gcc', '.c');
    t.regex(because.join(), /loads the stack pointer with another stack at 0x/);
  });
}

test('one that jumps may jump to another stack; not so by the checked jump of hardened builds', async (t) => {
  const source = `#include <setjmp.h>\nstatic jmp_buf b;\nint main(int n, char **v) { ${WAITS} if (!setjmp(b) && n > 7) longjmp(b, 1); return 0; }`;
  t.like(await ask('jumps', source, 'gcc', '.c', '-O2', '-U_FORTIFY_SOURCE'), { may: false, jumps: true });
  t.like(await ask('hardened', source, 'gcc', '.c', '-O2', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2'), {
    may: false,
    jumps: false,
  });
  const preempts = source
    .replace('int main', '#include <signal.h>\nint main')
    .replace('if (', 'signal(2, (void (*)(int))abort); if (');
  const { because: ofHandlers } = await ask('preempts', preempts, 'gcc', '.c', '-O2', '-U_FORTIFY_SOURCE');
  t.regex(ofHandlers.join(), /longjmp and handlers for signals/);
  const fromHandlers = source
    .replace('longjmp(b', 'siglongjmp(b')
    .replace('jmp_buf', 'sigjmp_buf')
    .replace('setjmp(b)', 'sigsetjmp(b, 0)');
  t.regex((await ask('handlers', fromHandlers, 'gcc', '.c', '-O2', '-U_FORTIFY_SOURCE')).because.join(), /imports siglongjmp/);
});

test('one that gives its handlers of signals a stack may: it may lie above what they interrupt', async (t) => {
  const source = `#include <signal.h>\nint main(void) { char s[65536]; stack_t k = {.ss_sp = s, .ss_size = 65536}; sigaltstack(&k, NULL); ${WAITS} return 0; }`;
  t.regex((await ask('signal-stack', source, 'gcc', '.c')).because.join(), /imports sigaltstack/);
});

for (const [how, code] of [
  ['by the compiler’s word', 'return (long)__builtin_return_address(1);'],
  [
    'by hand',
    'long *f = __builtin_frame_address(0), h = 0; for (int i = 0; i < 3; i++) { h += f[1]; f = (long *)*f; } return h;',
  ],
  ['in assembly, before it has a frame', 'long *f; __asm__("mov %%rbp, %0" : "=r"(f)); return f[1];'],
] as const) {
  for (const flags of [['-O0'], ['-O2', '-fno-asynchronous-unwind-tables']]) {
    test(`one that looks at its callers’ frames may: ${how}, ${flags.join(' ')}`, async (t) => {
      const source = `__attribute__((noinline)) long look(void) { ${code} }\nint main(int n, char **v) { ${WAITS} return (int)look(); }`;
      const { because } = await ask(`looks-${how.replace(/\W/g, '-')}${flags.join('')}`, source, 'gcc', '.c', ...flags);
      t.regex(because.join(), /looks at the frames of its callers at 0x/);
    });
  }
}

test('one that is profiled by its compiler may: mcount asks who called', async (t) => {
  t.regex((await ask('profiled', `int main(void) { ${WAITS} return 0; }`, 'gcc', '.c', '-pg')).because.join(), /imports mcount/);
});

test('frames with a frame pointer, aligned ones and those of variable size are no switch of stacks', async (t) => {
  const frames =
    'int f(int n) { char a[n]; __attribute__((aligned(64))) char b[64]; return snprintf(a, n, "%d", n) + sprintf(b, "x"); }';
  const source = `${frames}\nint main(int n, char **v) { ${WAITS} return f(n + 20); }`;
  t.deepEqual(await ask('frames', source, 'gcc', '.c', '-O2', '-fno-omit-frame-pointer'), {
    may: false,
    because: [],
    jumps: false,
  });
});

test('a C++ program may: its runtime unwinds', async (t) => {
  const { because } = await ask(
    'cpp',
    `int main() { ${WAITS} try { if (getchar() == 7) throw 1; } catch (int) {} }`,
    'g++',
    '.cc',
  );
  t.true(
    because.some((reason) => /^libstdc\+\+\.so\.6\S* unwinds/.test(reason)),
    because.join(),
  );
});

test('one with the runtime inside and no symbols is known by its handlers', async (t) => {
  const source = `#include <string>\nint main(int n, char **) { std::string s(n, 'x'); ${WAITS} try { if (getchar() == 7) throw s; } catch (std::string &) {} }`;
  const { because } = await ask('inside', source, 'g++', '.cc', '-static-libstdc++', '-static-libgcc', '-s');
  t.regex(because.join(), /inside has/);
});

test('nobody can tell of a static program without symbols', async (t) => {
  const { may } = await ask('static', `int main(void) { ${WAITS} return 0; }`, 'gcc', '.c', '-static', '-s');
  t.true(may);
});

test('a program that loads code later may', async (t) => {
  const source = `#include <dlfcn.h>\nint main(int n, char **v) { ${WAITS} return dlopen(v[1], 1) != 0; }`;
  t.regex((await ask('loads', source, 'gcc', '.c')).because.join(), /imports dlopen/);
});

test('this process, node, may', (t) => {
  t.true(mayUnwind(process.pid).may);
});
