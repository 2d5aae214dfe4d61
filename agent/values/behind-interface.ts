/**
 * How the value behind an interface is read once its dynamic type is known. The kernel copied the bytes that the data
 * word points to without knowing it: a value of that type, or, for types of one pointer, what that pointer shows. Pure.
 */

import type { GoType } from '../symbols/go/type-descriptors.js';
import { REASON, type Recipe, unreadable } from './plan.js';

/** What was copied of any interface. */
export interface BehindInterface {
  /** Position of the data word, and its operations. */
  word: number;
  wordOps: number[];
  /** Position of the bytes behind it; which operations brought the first so many of them, shortest first. */
  at: number;
  brought: { bytes: number; ops: number[] }[];
  /** Texts of which pointer and length lie at these offsets of the bytes. */
  texts: { offset: number; text: Recipe }[];
}

/** reflect.Kind. */
const KIND = {
  bool: 1,
  int: 2,
  int64: 6,
  uint: 7,
  uintptr: 12,
  float32: 13,
  float64: 14,
  complex64: 15,
  complex128: 16,
  array: 17,
  chan: 18,
  func: 19,
  map: 21,
  pointer: 22,
  slice: 23,
  string: 24,
  struct: 25,
  unsafePointer: 26,
} as const;

/** What the standard library makes errors of: the text, which lies first, says more than the fields. */
const TEXT_FIRST = new Set(['*errors.errorString', '*fmt.wrapError', '*fmt.wrapErrors']);
const LIST_ELEMENTS = 8;

/** The recipe for a value of this type. */
export function recipeBehind(type: GoType, behind: BehindInterface): Recipe {
  if (isOnePointer(type) && type.kind !== KIND.struct && type.kind !== KIND.array) return pointed(type, behind);
  return isOnePointer(type) ? unreadable(REASON.nameOnly) : valueAt(type, 0, behind);
}

/** Types that are one pointer lie in the data word itself, as those may that are not known to their end. */
function isOnePointer(type: GoType): boolean {
  const { kind, fields, element, size } = type;
  if (kind === KIND.struct)
    return size === 8 && (fields === null || fields.some(({ type: inner }) => inner?.size === 8 && isOnePointer(inner)));
  if (kind === KIND.array) return size === 8 && (element === null || isOnePointer(element));
  return kind === KIND.pointer || kind === KIND.map || kind === KIND.chan || kind === KIND.func || kind === KIND.unsafePointer;
}

function pointed(type: GoType, behind: BehindInterface): Recipe {
  const { word: pointer, wordOps, at } = behind;
  const ops = opsFor(behind, 8);
  if (type.kind === KIND.map || type.kind === KIND.chan) return { kind: 'length', pointer, length: at, ops, headerOps: wordOps };
  if (type.kind === KIND.func) return { kind: 'func', pointer, code: at, ops, headerOps: wordOps };
  if (TEXT_FIRST.has(type.name)) return { kind: 'pointer', pointer, target: textAt(behind, 0), ops: wordOps, bare: true };
  const target = type.element && valueAt(type.element, 0, behind);
  return { kind: 'pointer', pointer, target, ops: wordOps };
}

function valueAt(type: GoType, offset: number, behind: BehindInterface): Recipe {
  const ops = opsFor(behind, offset + type.size);
  const at = behind.at + offset;
  if (type.kind === KIND.struct) return structAt(type, offset, behind);
  if (type.kind === KIND.array) return arrayAt(type, offset, behind);
  if (ops.length === 0) return unreadable(REASON.tooMuch);
  if (type.kind === KIND.bool) return { kind: 'bool', at, size: 1, ops };
  if (type.kind >= KIND.int && type.kind <= KIND.int64) return { kind: 'int', at, size: type.size, ops };
  if (type.kind >= KIND.uint && type.kind <= KIND.uintptr) return { kind: 'uint', at, size: type.size, ops };
  if (type.kind === KIND.float32 || type.kind === KIND.float64) return { kind: 'float', at, size: type.size, ops };
  if (type.kind === KIND.complex64 || type.kind === KIND.complex128) return { kind: 'complex', at, size: type.size, ops };
  if (type.kind === KIND.string) return textAt(behind, offset);
  if (isOnePointer(type)) return { kind: 'pointer', pointer: at, target: null, ops };
  return type.kind === KIND.slice ? sliceAt(type, offset, behind) : unreadable(REASON.nameOnly);
}

function structAt(type: GoType, offset: number, behind: BehindInterface): Recipe {
  if (type.fields === null) return unreadable(REASON.nameOnly);
  const fields = type.fields.map((field) => ({
    name: field.name,
    type: field.type?.name ?? '',
    value: field.type ? valueAt(field.type, offset + field.offset, behind) : unreadable(REASON.nameOnly),
  }));
  return { kind: 'struct', fields };
}

function arrayAt({ element, size }: GoType, offset: number, behind: BehindInterface): Recipe {
  if (element === null || element.size === 0) return unreadable(REASON.nameOnly);
  const fixed = size / element.size;
  const items = Array.from({ length: Math.min(fixed, LIST_ELEMENTS) }, (_, i) =>
    valueAt(element, offset + i * element.size, behind),
  );
  return { kind: 'list', length: { fixed }, items, ops: [], headerOps: [] };
}

/** Bytes were copied as a text is; other elements were not. */
function sliceAt({ element }: GoType, offset: number, behind: BehindInterface): Recipe {
  const text = textAt(behind, offset);
  if (text.kind !== 'string' || element?.size !== 1) return unreadable(REASON.nameOnly);
  const { length, at, room, ops, headerOps } = text;
  return { kind: 'bytes', length, at, room, ops, headerOps };
}

const textAt = (behind: BehindInterface, offset: number): Recipe =>
  behind.texts.find((each) => each.offset === offset)?.text ?? unreadable(REASON.tooMuch);

/** Operations that brought the first `bytes`; empty: they were not brought. */
const opsFor = ({ brought }: BehindInterface, bytes: number): number[] => brought.find((each) => each.bytes >= bytes)?.ops ?? [];
