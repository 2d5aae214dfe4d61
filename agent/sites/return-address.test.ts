import test from 'ava';
import { fakeImage } from './fake-code.js';
import { usesReturnAddress } from './return-address.js';

test('a leaf that asks who called it uses its return address', (t) => {
  // mov rax, [rsp]; ret
  t.true(usesReturnAddress(fakeImage({ code: '48 8b 04 24 c3' }), 0));
});

test('with a frame on the stack the place is as deep as that is', (t) => {
  // sub rsp, 24; mov rdi, [rsp+24]; add rsp, 24; ret
  const code = '48 83 ec 18 48 8b 7c 24 18 48 83 c4 18 c3';
  t.true(usesReturnAddress(fakeImage({ code, depths: { 4: 24, 9: 24 } }), 0));
  t.false(usesReturnAddress(fakeImage({ code, depths: { 4: 32, 9: 32 } }), 0));
});

test('with a frame pointer it lies above the saved one', (t) => {
  // push rbp; mov rbp, rsp; mov rdx, [rbp+8]; pop rbp; ret
  t.true(usesReturnAddress(fakeImage({ code: '55 48 89 e5 48 8b 55 08 5d c3', depths: { 1: 8, 4: 8, 8: 8 } }), 0));
});

test('arguments on the stack, and fields of what RBP points to otherwise, are not it', (t) => {
  // push rbp; mov rbp, rsp; mov rdx, [rbp+16]; pop rbp; ret
  t.false(usesReturnAddress(fakeImage({ code: '55 48 89 e5 48 8b 55 10 5d c3', depths: { 1: 8, 4: 8, 8: 8 } }), 0));
  // push rbp; mov rbp, rdi; mov rdx, [rbp+8]; pop rbp; ret
  t.false(usesReturnAddress(fakeImage({ code: '55 48 89 fd 48 8b 55 08 5d c3', depths: { 1: 8, 4: 8, 8: 8 } }), 0));
});
