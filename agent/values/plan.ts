/** What a function's parameters become: operations for the kernel (bpf/capture.h) and a recipe to decode what they copied. */

import type { BehindInterface } from './behind-interface.js';

/** Register numbers of bpf/capture.h's CORAL_REGISTERS. */
export const REGISTER = {
  ax: 0,
  bx: 1,
  cx: 2,
  dx: 3,
  si: 4,
  di: 5,
  r8: 6,
  r9: 7,
  r10: 8,
  r11: 9,
} as const;

export type CaptureOp =
  | { kind: 'register'; reg: number; out: number; length: number }
  | { kind: 'stack'; offset: number; out: number; length: number }
  | { kind: 'kept'; base: number; out: number; length: number }
  | { kind: 'memory'; base: number; offset: number; out: number; length: number }
  | { kind: 'counted'; base: number; offset: number; out: number; length: number; count: number; unit: number }
  | { kind: 'cstring'; base: number; offset: number; out: number; length: number }
  | { kind: 'distance'; base: number; out: number; length: number; count: number; unit: number };

/** How to read one value from the copied bytes. Positions are in the buffer; `ops` are the operations it depends on. */
export type Recipe =
  | { kind: 'int' | 'uint' | 'float' | 'bool' | 'complex'; at: number; size: number; ops: number[] }
  | { kind: 'bit field'; of: 'int' | 'uint' | 'bool'; at: number; size: number; firstBit: number; bits: number; ops: number[] }
  | { kind: 'chars'; at: number; room: number; whole: boolean; ops: number[] }
  | { kind: 'string'; length: number; at: number; room: number; ops: number[]; headerOps: number[] }
  | { kind: 'cstring'; pointer: number; at: number; room: number; ops: number[]; headerOps: number[] }
  | { kind: 'bytes'; length: number | { fixed: number }; at: number; room: number; ops: number[]; headerOps: number[] }
  | { kind: 'list'; length: number | { fixed: number }; items: Recipe[]; ops: number[]; headerOps: number[] }
  | { kind: 'struct'; fields: { name: string; type: string; value: Recipe }[] }
  | { kind: 'variant'; tag: { at: number; size: number; ops: number[] } | null; variants: VariantRecipe[] }
  /** `engaged`: where the byte is that says whether there is a value. */
  | { kind: 'optional'; engaged: number; value: Recipe; ops: number[] }
  /** `bare`: its address is of no interest. */
  | { kind: 'pointer'; pointer: number; target: Recipe | null; ops: number[]; bare?: boolean }
  | { kind: 'interface'; first: number; typeWord: number; behind: BehindInterface; typeOps: number[]; ops: number[] }
  | { kind: 'length'; pointer: number; length: number; ops: number[]; headerOps: number[] }
  | { kind: 'func'; pointer: number; code: number; ops: number[]; headerOps: number[] }
  | { kind: 'unreadable'; reason: string };

/** `value` of the tag; absent: every other. `data`: null where it holds none. */
export interface VariantRecipe {
  name: string;
  value?: string;
  data: Recipe | null;
}

export const unreadable = (reason: string): Recipe => ({ kind: 'unreadable', reason });

export interface PlannedValue {
  name: string;
  type: string;
  recipe: Recipe;
}

/** One moment's plan: the arguments at the entry, or the results at the return. */
export interface CapturePlan {
  ops: CaptureOp[];
  values: PlannedValue[];
}

/** Why a value cannot be read. */
export const REASON = {
  float: 'a floating-point register, which probes cannot see',
  tooMuch: 'over the bytes that one call may capture',
  notPresent: 'page not present',
  noType: 'its type is not described by the debug information',
  tailJump: 'the function ends in a jump to another one, which returns in its place',
  nameOnly: 'a type that is shown by its name only',
  optimised: 'the compiler has optimised it away, by the debug information',
  ownConvention: 'its language passes values in its own way, and the compiler does not say where this one is',
  changed: 'the compiler has changed what this function takes or returns, and does not say where it is',
  leftOut: 'the debug information leaves out a parameter before it, so that its register is not known',
  unknownPlace: 'it lies behind an argument whose size the debug information does not tell',
  wideFloat: 'a floating-point number of a width that is not decoded',
  unionType: 'a union, whose live member is not known',
  unplaced: 'a virtual base, whose place only the running program knows',
  uncounted: 'an array whose length its type does not tell',
  noVariant: 'an enum whose live variant is not known',
} as const;
