/** An image of one hand-written function, for tests of decisions: bytes in, image out. */

import type { CodeRange, GoRuntime, Image } from '../symbols/image.js';

export interface FakeCode {
  /** Hex bytes, spaces allowed. */
  code: string;
  go?: Partial<GoRuntime>;
  /** Stack depth by offset; 0 where it is not named. */
  depths?: Record<number, number | null>;
  /** Hex bytes of a moved part, and where it lies. */
  part?: { address: number; code: string };
  /** Stretches as call frame information has them: whatever address they claim to hold. */
  ranges?: (address: number) => CodeRange | null;
  /** Where other functions begin. */
  others?: readonly number[];
  /** Eight-byte pointers by address. */
  pointers?: Record<number, number>;
  kind?: 'function' | 'ifunc';
}

export const FAKE_ADDRESS = 0x1000;

/** Row 0 is the function, at FAKE_ADDRESS; file offsets equal addresses. */
export function fakeImage({
  code,
  go,
  depths = {},
  part,
  ranges,
  others = [],
  pointers = {},
  kind = 'function',
}: FakeCode): Image {
  const stretches = [{ address: FAKE_ADDRESS, bytes: fromHex(code) }];
  if (part !== undefined) stretches.push({ address: part.address, bytes: fromHex(part.code) });
  const stackDepth = (_row: number, address: number): number | null => depths[address - FAKE_ADDRESS] ?? 0;
  const partAt = (address: number): CodeRange | null =>
    part !== undefined && address >= part.address && address < part.address + fromHex(part.code).length
      ? { address: part.address, size: fromHex(part.code).length }
      : null;
  return {
    path: '/fake',
    functions: {
      count: 1,
      name: () => 'main.f',
      address: () => FAKE_ADDRESS,
      size: () => fromHex(code).length,
      kind: () => kind,
      rowAt: (address: number) => [FAKE_ADDRESS, ...others].indexOf(address),
      partAt,
    },
    go: go === undefined ? null : { ...PLAIN_GO, stackDepth, ...go },
    stackDepth,
    codeRangeAt: ranges ?? (() => null),
    fileOffset: (address: number) => address,
    read: (address: number, length: number) =>
      stretches.find((stretch) => stretch.address === address)?.bytes.subarray(0, length) ?? null,
    pointer: (address: number) => pointers[address] ?? null,
  } as unknown as Image;
}

const PLAIN_GO = {
  version: 'go1.26.0',
  isAssembly: () => false,
  isForeign: () => false,
  switchesStacks: () => false,
  typeAt: () => null,
  gInThreadLocal: true,
};

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
