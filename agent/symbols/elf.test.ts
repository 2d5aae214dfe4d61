import { readFileSync } from 'node:fs';
import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { fileOfBuffer } from './elf/file-bytes.js';
import { FrameProgram, readCommonPart } from './elf/frame-program.js';
import type { Image } from './image.js';
import { openImage, readImage } from './open-image.js';

const PROGRAM = '/bin/true';
const bytes = readFileSync(PROGRAM);

const open = (content: Buffer): Image => readImage(fileOfBuffer('/srv/x', content));

function errorOf(content: Buffer): string {
  try {
    open(content);
    return '';
  } catch (error) {
    return error instanceof CoralError ? `${error.code}: ${error.message}` : `not a CoralError: ${error}`;
  }
}

function changed(at: number, ...values: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(values, at);
  return copy;
}

test('a file that is no ELF file is refused by name', (t) => {
  t.is(errorOf(Buffer.from('#!/bin/sh\n'.repeat(20))), 'CORRUPT_ELF: /srv/x is damaged: it is not an ELF file');
  t.is(errorOf(Buffer.alloc(10)), 'CORRUPT_ELF: /srv/x is damaged: 10 bytes are too few for an ELF header');
});

test('a file for another machine is unsupported, not damaged', (t) => {
  t.regex(errorOf(changed(18, 183, 0)), /^UNSUPPORTED: .*built for another machine .*machine 183/);
});

test('a header that points outside of the file is refused with the place', (t) => {
  t.regex(errorOf(changed(40, 0xff, 0xff, 0xff, 0x7f)), /^CORRUPT_ELF: .*section headers: bytes \d+ to \d+ lie outside/);
  t.regex(errorOf(changed(40, 255, 255, 255, 255, 255, 255, 255, 255)), /section headers: the value is above 2\^53/);
});

test('a missing file says so', (t) => {
  const error = t.throws(() => openImage('/nowhere/at/all')) as CoralError;
  t.is(error.message, '/nowhere/at/all cannot be opened: ENOENT');
});

test('damaged files give an image or a CoralError, never anything else', (t) => {
  let seed = 42;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const headersAt = Number(bytes.readBigUInt64LE(40));
  const seen = new Set<string>();
  for (let round = 0; round < 400; round++) {
    const copy = Buffer.from(bytes);
    for (let i = 0; i < 1 + random(5); i++) {
      const at = random(2) === 0 ? random(1024) : headersAt + random(bytes.length - headersAt);
      copy[at] = random(2) === 0 ? 255 : random(256);
    }
    const content = random(4) === 0 ? copy.subarray(0, random(copy.length)) : copy;
    seen.add(errorOf(content).split(':')[0] as string);
  }
  t.deepEqual(
    [...seen].filter((code) => !['', 'CORRUPT_ELF', 'UNSUPPORTED'].includes(code)),
    [],
  );
  t.true(seen.has('CORRUPT_ELF') && seen.has(''));
});

test('call frame programs give the depth at each instruction', (t) => {
  const common = Buffer.from([0x0c, 7, 8]); // def_cfa rsp+8
  const program = (instructions: Buffer) => new FrameProgram(readCommonPart(common, -8), instructions);
  const push = Buffer.from([0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x48, 0x0c, 7, 8]); // +1 rsp+16; +4 rbp+16; +12 rsp+8
  const depths = new Map([
    [0, 0],
    [1, 8],
    [3, 8],
    [4, 8],
    [11, 8],
    [12, 0],
  ]);
  for (const [at, depth] of depths) t.is(program(push).depthAt(at), depth, `${at}`);
  const asked = program(push);
  for (const at of [1, 1, 12, 4, 3, 0, 11, 12, 0]) t.is(asked.depthAt(at), depths.get(at)!, `${at} after others`);
  t.is(program(Buffer.from([0x0f, 1, 0])).ruleAt(0), null, 'an expression is not guessed');
  const stopsAt4 = program(Buffer.from([0x41, 0x0e, 16, 0x43, 0x3f, 0x41, 0x0e, 8]));
  t.deepEqual(
    [3, 4, 5, 3].map((at) => stopsAt4.depthAt(at)),
    [8, null, null, 8],
    'behind what is not known nothing is',
  );
});

test('call frame programs tell where the caller’s RBP is, and of stacks that were aligned', (t) => {
  const common = Buffer.from([0x0c, 7, 8, 0x90, 1]); // def_cfa rsp+8; return address at -8
  const rule = (...instructions: number[]) => new FrameProgram(readCommonPart(common, -8), Buffer.from(instructions)).ruleAt(8);
  const frame = { base: 'rsp', offset: 8, through: false, isOutermost: false } as const;
  t.deepEqual(rule(), { ...frame, rbp: { at: 'register' } });
  t.deepEqual(rule(0x0e, 16, 0x86, 2), { ...frame, offset: 16, rbp: { at: 'caller', offset: -16 } });
  t.deepEqual(rule(0x0e, 16, 0x86, 2, 0x0a, 0xc6, 0x0e, 8, 0x0b), { ...frame, offset: 16, rbp: { at: 'caller', offset: -16 } });
  t.deepEqual(rule(0x86, 2, 0xc6), { ...frame, rbp: { at: 'register' } });
  t.deepEqual(rule(0x0f, 3, 0x76, 0x78, 0x06, 0x10, 6, 2, 0x76, 0), {
    ...frame,
    base: 'rbp',
    offset: -8,
    through: true,
    rbp: { at: 'rbp', offset: 0 },
  });
  t.deepEqual(rule(0x07, 16), { ...frame, rbp: { at: 'register' }, isOutermost: true });
  t.is(rule(0x16, 6, 1, 0)?.rbp, null, 'an expression for RBP is not guessed');
});
