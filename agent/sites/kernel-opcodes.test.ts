import test from 'ava';
import { probeability } from './kernel-opcodes.js';

const of = (hex: string): string => {
  const found = probeability(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')));
  return found.ok ? found.cost : 'refused';
};

/** Instruction, bytes, and what the kernel did with it when a probe was attached. */
const TRIED: readonly [string, string, string][] = [
  ['push rbp', '55', 'emulated'],
  ['push r13', '41 55', 'emulated'],
  ['push with REX.W', '48 55', 'stepped'],
  ['nop', '90', 'emulated'],
  ['je short', '74 02', 'emulated'],
  ['jbe near', '0f 86 00 00 00 00', 'emulated'],
  ['jmp near', 'e9 00 00 00 00', 'emulated'],
  ['call', 'e8 00 00 00 00', 'emulated'],
  ['16-bit jmp', '66 e9 00 00', 'refused'],
  ['ret', 'c3', 'stepped'],
  ['endbr64', 'f3 0f 1e fa', 'stepped'],
  ['cmp rsp,[r14+10h]', '49 3b 66 10', 'stepped'],
  ['5-byte nop', '0f 1f 44 00 00', 'refused'],
  ['4-byte nop', '0f 1f 40 00', 'stepped'],
  ['lock inc', 'f0 ff 00', 'refused'],
  ['int3', 'cc', 'refused'],
  ['notrack jmp', '3e ff e0', 'refused'],
  ['mov from fs', '64 48 8b 04 25 f8 ff ff ff', 'stepped'],
  ['xchg r8,rax', '49 90', 'refused'],
  ['vmovdqu', 'c5 fe 6f 00', 'refused'],
  ['vmovaps', 'c5 f8 28 c0', 'stepped'],
  ['vpxor', 'c5 f1 ef c0', 'refused'],
  ['shlx', 'c4 e2 f9 f7 c0', 'stepped'],
  ['movdqu', 'f3 0f 6f 00', 'stepped'],
];

for (const [name, bytes, expected] of TRIED) {
  test(`the kernel's way with ${name} is "${expected}"`, (t) => {
    t.is(of(bytes), expected);
  });
}

/** The kernel takes them, and what it makes of them is not what the program does without it. */
const TELLING: readonly [string, string][] = [
  ['pushf', '9c'],
  ['16-bit pushf', '66 9c'],
  ['syscall', '0f 05'],
  ['sysenter', '0f 34'],
  ['mov ss,eax', '8e d0'],
  ['xbegin', 'c7 f8 00 00 00 00'],
  ['rep movsb', 'f3 a4'],
  ['rep stosq', 'f3 48 ab'],
  ['repne scasb', 'f2 ae'],
];

for (const [name, bytes] of TELLING) {
  test(`${name} is not probed: the program would tell, or it would count more than once`, (t) => {
    t.is(of(bytes), 'refused');
  });
}

test('what looks like them is probed', (t) => {
  for (const bytes of ['9d', '8e d8', 'c7 c0 f8 00 00 00', 'a4', 'f3 c3', 'f3 0f 10 05 00 00 00 00']) {
    t.is(of(bytes), 'stepped', bytes);
  }
});

test('FWAIT is left alone: some decoders take it for the start of the next instruction', (t) => {
  t.is(of('9b'), 'refused');
});

test('a REX prefix that means nothing is left alone: decoders do not agree on it', (t) => {
  for (const bytes of ['48 48 89 c0', '41 66 90', '67 4d 40 95']) t.is(of(bytes), 'refused', bytes);
});
