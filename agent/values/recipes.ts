/** A type's recipe: which further memory is copied for it (strings, elements, what a pointer shows) and how to read it. */

import type { DwarfField, DwarfType, FunctionTypes } from '../dwarf/types.js';
import { CAPTURE_READ_MAX } from '../kernel/limits.js';
import type { BehindInterface } from './behind-interface.js';
import type { CaptureBuffer } from './capture-buffer.js';
import { REASON, type Recipe, unreadable } from './plan.js';
import { GO_KIND, isLongDouble, type ResolvedType, resolveType } from './type-table.js';

/** Bytes of a string and elements of a list that are shown. */
const STRING_BYTES = 128;
const INNER_STRING_BYTES = 48;
const LIST_ELEMENTS = 8;
/** Of one element: what an operation has room for. */
const MAX_UNIT = 0xffff;
/** Map and channel lengths: the first word of the header, in every Go from 1.19 on. */
const LENGTH_BYTES = 8;
/** Of a Rust enum those whose data is copied. */
const VARIANTS_WITH_DATA = 8;
/** Of what lies behind an interface. */
const FIRST_BYTES = 16;
const MORE_BYTES = 48;

export interface RecipeContext {
  types: FunctionTypes['types'];
  buffer: CaptureBuffer;
  /** Whether this byte of the value lies in a register that probes cannot see. */
  inFloat(offset: number): boolean;
}

/** A value's memory image in the buffer, and the operations that made it. */
export interface ValueImage {
  at: number;
  ops: number[];
  /** How many of the value's bytes are there. */
  bytes: number;
  /** Offset in the whole value, for fields. */
  offset?: number;
  /** 0: the value itself; 1: a field, an element, or what a pointer shows. */
  level?: number;
}

/** Plans how a value is read. Never throws: what cannot be read becomes `unreadable` with the reason. */
export function recipeFor(context: RecipeContext, resolved: ResolvedType, image: ValueImage): Recipe {
  const { type, goKind, name } = resolved;
  if (context.inFloat(image.offset ?? 0)) return unreadable(REASON.float);
  if (goKind === GO_KIND.string || isRustStr(name)) return stringRecipe(context, image.at, image.at + 8, image);
  const text = cppText(resolved);
  if (text) return stringRecipe(context, image.at + text.pointer, image.at + text.length, image);
  if (type.buffer || type.owned || type.optional) return libraryRecipe(context, resolved, image);
  if (goKind === GO_KIND.slice || isRustSlice(resolved)) {
    return listRecipe(context, elementOf(context.types, resolved), image.at, image.at + 8, image);
  }
  if (goKind === GO_KIND.interface) return interfaceRecipe(context, resolved, image);
  if (goKind === GO_KIND.map || goKind === GO_KIND.chan) return lengthRecipe(context, image);
  if (goKind === GO_KIND.func) return funcRecipe(context, image);
  if (type.size === 0 && type.kind === 'uint') return { kind: 'struct', fields: [] }; // Rust's ()
  switch (type.kind) {
    case 'int':
    case 'uint':
    case 'bool':
      return { kind: type.kind, at: image.at, size: type.size, ops: image.ops };
    case 'float':
    case 'complex':
      if (!isDecoded(type)) return unreadable(REASON.wideFloat);
      return { kind: type.kind, at: image.at, size: type.size, ops: image.ops };
    case 'enum':
      return { kind: type.unsigned ? 'uint' : 'int', at: image.at, size: type.size, ops: image.ops };
    case 'pointer':
      return pointerRecipe(context, resolved, image);
    case 'struct':
      return type.variants ? variantRecipe(context, type, image) : structRecipe(context, resolved, image);
    case 'array':
      return arrayRecipe(context, resolved, image);
    case 'union':
      return unreadable(REASON.unionType);
    default:
      return unreadable(REASON.noType);
  }
}

function stringRecipe(context: RecipeContext, pointer: number, length: number, image: ValueImage): Recipe {
  const room = (image.level ?? 0) === 0 ? STRING_BYTES : INNER_STRING_BYTES;
  const copied = context.buffer.add({ kind: 'counted', base: pointer, offset: 0, length: room, count: length, unit: 1 });
  if (!copied) return unreadable(REASON.tooMuch);
  return { kind: 'string', length, at: copied.at, room, ops: [copied.op], headerOps: image.ops };
}

/** Types that are shown by parts which may lie anywhere in them: all of them has to be there. */
function libraryRecipe(context: RecipeContext, { type, name }: ResolvedType, image: ValueImage): Recipe {
  if (image.bytes < type.size) return unreadable(REASON.tooMuch);
  if (type.buffer) return bufferRecipe(context, name, type.buffer, image);
  if (type.owned) return ownedRecipe(context, type.owned, image);
  return type.optional ? optionalRecipe(context, type.optional, image) : unreadable(REASON.noType);
}

/** A String is text; a Vec of bytes is not, though it looks the same. */
function bufferRecipe(context: RecipeContext, name: string, buffer: NonNullable<DwarfType['buffer']>, image: ValueImage): Recipe {
  const pointer = image.at + buffer.pointer;
  if ('end' in buffer) return spanRecipe(context, buffer.element, pointer, image.at + buffer.end, image);
  const length = image.at + buffer.length;
  return name === 'String'
    ? stringRecipe(context, pointer, length, image)
    : listRecipe(context, buffer.element, pointer, length, image);
}

/** Elements from one address to another: the kernel makes their number of the two. */
function spanRecipe(context: RecipeContext, of: number, begin: number, end: number, image: ValueImage): Recipe {
  const unit = resolveType(context.types, of)?.type.size ?? 0;
  if (unit === 0 || unit > MAX_UNIT) return unreadable(REASON.noType);
  const length = context.buffer.add({ kind: 'distance', base: begin, count: end, unit, length: 8 });
  if (!length) return unreadable(REASON.tooMuch);
  return listRecipe(context, of, begin, length.at, { ...image, ops: [...image.ops, length.op] });
}

/** A pointer that owns is no level of its own: what it points to is shown also behind a reference, and in a field. */
function ownedRecipe(context: RecipeContext, { type, pointer }: NonNullable<DwarfType['owned']>, image: ValueImage): Recipe {
  return partRecipe(context, type, pointer, { ...image, level: (image.level ?? 0) - 1 });
}

function optionalRecipe(
  context: RecipeContext,
  { value, type, engaged }: NonNullable<DwarfType['optional']>,
  image: ValueImage,
): Recipe {
  if (context.inFloat((image.offset ?? 0) + engaged)) return unreadable(REASON.float);
  return { kind: 'optional', engaged: image.at + engaged, value: partRecipe(context, type, value, image), ops: image.ops };
}

/** A value that is all that there is to see of the one that it lies in. */
function partRecipe(context: RecipeContext, of: number, at: number, image: ValueImage): Recipe {
  const part = resolveType(context.types, of);
  if (!part) return unreadable(REASON.noType);
  const place = { at: image.at + at, bytes: part.type.size, offset: (image.offset ?? 0) + at };
  return recipeFor(context, part, { ...image, ...place });
}

/** Elements that lie elsewhere: their address and their number are in the buffer at `pointer` and `length`. */
function listRecipe(context: RecipeContext, of: number, pointer: number, length: number, image: ValueImage): Recipe {
  const element = resolveType(context.types, of);
  if (!element) return unreadable(REASON.noType);
  const counted = (room: number) =>
    context.buffer.add({ kind: 'counted', base: pointer, offset: 0, length: room, count: length, unit: element.type.size });
  if (isByte(element)) {
    const copied = counted(CAPTURE_READ_MAX);
    if (!copied) return unreadable(REASON.tooMuch);
    return { kind: 'bytes', length, at: copied.at, room: CAPTURE_READ_MAX, ops: [copied.op], headerOps: image.ops };
  }
  const shown = Math.min(LIST_ELEMENTS, Math.floor(CAPTURE_READ_MAX / Math.max(1, element.type.size)));
  const copied = shown > 0 ? counted(shown * element.type.size) : null;
  if (!copied) return unreadable(REASON.tooMuch);
  const items = elements(context, element, shown, { at: copied.at, ops: [copied.op], bytes: CAPTURE_READ_MAX, level: 1 });
  return { kind: 'list', length, items, ops: [copied.op], headerOps: image.ops };
}

function arrayRecipe(context: RecipeContext, resolved: ResolvedType, image: ValueImage): Recipe {
  const element = resolveType(context.types, resolved.type.target ?? -1);
  if (!element) return unreadable(REASON.noType);
  const fixed = resolved.type.count;
  if (fixed === undefined) return unreadable(REASON.uncounted);
  if (isByte(element)) {
    const room = Math.min(fixed, CAPTURE_READ_MAX, image.bytes);
    return { kind: 'bytes', length: { fixed }, at: image.at, room, ops: image.ops, headerOps: [] };
  }
  if (isChar(element)) {
    const room = Math.min(fixed, CAPTURE_READ_MAX, image.bytes);
    return { kind: 'chars', at: image.at, room, whole: room === fixed, ops: image.ops };
  }
  const fitting = Math.floor(image.bytes / Math.max(1, element.type.size));
  const items = elements(context, element, Math.min(fixed, LIST_ELEMENTS, fitting), { ...image, level: 1 });
  return { kind: 'list', length: { fixed }, items, ops: image.ops, headerOps: [] };
}

function elements(context: RecipeContext, element: ResolvedType, count: number, image: ValueImage): Recipe[] {
  // Elements lie in memory that was copied, never in registers.
  const inMemory = { ...context, inFloat: () => false };
  return Array.from({ length: count }, (_, i) =>
    recipeFor(inMemory, element, { ...image, at: image.at + i * element.type.size, bytes: element.type.size }),
  );
}

function structRecipe(context: RecipeContext, resolved: ResolvedType, image: ValueImage): Recipe {
  const used = new Map<string, number>();
  const fields = (resolved.type.fields ?? []).flatMap((field) => {
    const inner = resolveType(context.types, field.type);
    if (inner && isEmptyBase(field, inner)) return [];
    const times = (used.get(field.name) ?? 0) + 1;
    used.set(field.name, times);
    const name = times > 1 ? `${field.name} ${times}` : field.name;
    return [{ name, type: inner?.name ?? '', value: fieldRecipe(context, field, inner, image) }];
  });
  const { fieldsOmitted = 0 } = resolved.type;
  if (fieldsOmitted > 0) fields.push({ name: '…', type: '', value: unreadable(`${fieldsOmitted} more fields are not read`) });
  return { kind: 'struct', fields };
}

/** A Rust enum: the tag, and what each of its first variants holds in the same place, as deep as if it stood alone. */
function variantRecipe(context: RecipeContext, { variants = [], tag }: DwarfType, image: ValueImage): Recipe {
  const isTold = tag ? tag.size <= 8 && variants.every(({ value }) => value !== '') : variants.length === 1;
  if (!isTold) return unreadable(REASON.noVariant);
  if (tag && tag.offset + tag.size > image.bytes) return unreadable(REASON.tooMuch);
  if (tag && context.inFloat((image.offset ?? 0) + tag.offset)) return unreadable(REASON.float);
  const inside = { ...image, level: (image.level ?? 0) - 1 };
  return {
    kind: 'variant',
    tag: tag ? { at: image.at + tag.offset, size: tag.size, ops: image.ops } : null,
    variants: variants.map(({ name, type, value }, i) => ({
      name,
      ...(value === undefined ? {} : { value }),
      data: i < VARIANTS_WITH_DATA ? heldBy(context, resolveType(context.types, type), inside) : unreadable(REASON.tooMuch),
    })),
  };
}

/** Null: nothing. Of a tuple of one its element, as it is written. */
function heldBy(context: RecipeContext, variant: ResolvedType | null, image: ValueImage): Recipe | null {
  if (!variant) return unreadable(REASON.noType);
  if (variant.type.fields?.length === 0) return null;
  const recipe = structRecipe(context, variant, image);
  const [only, ...others] = recipe.kind === 'struct' ? recipe.fields : [];
  return only?.name === '__0' && others.length === 0 ? only.value : recipe;
}

/** C++ names its bases by nothing but their type: those that hold nothing are left out, further ones are numbered. */
const isEmptyBase = ({ name }: DwarfField, { type }: ResolvedType): boolean =>
  name === '(base)' && type.kind === 'struct' && type.fields?.length === 0;

function fieldRecipe(context: RecipeContext, field: DwarfField, inner: ResolvedType | null, image: ValueImage): Recipe {
  if (!inner) return unreadable(REASON.noType);
  if (field.unplaced) return unreadable(REASON.unplaced);
  if (field.offset + bytesOf(field, inner) > image.bytes) return unreadable(REASON.tooMuch);
  const at = image.at + field.offset;
  if (field.bits !== undefined) return bitFieldRecipe(field, inner, at, image.ops);
  const offset = (image.offset ?? 0) + field.offset;
  return recipeFor(context, inner, { at, ops: image.ops, bytes: inner.type.size, offset, level: (image.level ?? 0) + 1 });
}

/** A packed struct may end before the storage unit of its last bit field does. */
const bytesOf = ({ bits, firstBit = 0 }: DwarfField, { type }: ResolvedType): number =>
  bits === undefined ? type.size : Math.ceil((firstBit + bits) / 8);

function bitFieldRecipe({ bits = 0, firstBit = 0 }: DwarfField, { type }: ResolvedType, at: number, ops: number[]): Recipe {
  if (firstBit < 0 || firstBit + bits > type.size * 8 || type.size > 8) return unreadable(REASON.noType);
  const isSigned = type.kind === 'int' || (type.kind === 'enum' && !type.unsigned);
  return {
    kind: 'bit field',
    of: type.kind === 'bool' ? 'bool' : isSigned ? 'int' : 'uint',
    at,
    size: type.size,
    firstBit,
    bits,
    ops,
  };
}

function pointerRecipe(context: RecipeContext, resolved: ResolvedType, image: ValueImage): Recipe {
  const target = resolveType(context.types, resolved.type.target ?? -1);
  const plain: Recipe = { kind: 'pointer', pointer: image.at, target: null, ops: image.ops };
  if (isShapedPointer(resolved)) return plain;
  if (!target || (image.level ?? 0) > 0) return target && isChar(target) ? cstringRecipe(context, image) : plain;
  if (isChar(target)) return cstringRecipe(context, image);
  if (target.type.size === 0) return plain;
  const copied = context.buffer.addSpan({ kind: 'memory', base: image.at, offset: 0 }, target.type.size);
  if (!copied) return { ...plain, target: unreadable(REASON.tooMuch) };
  const inMemory = { ...context, inFloat: () => false };
  return { ...plain, target: recipeFor(inMemory, target, { ...copied, level: 1 }) };
}

function cstringRecipe(context: RecipeContext, image: ValueImage): Recipe {
  const room = (image.level ?? 0) === 0 ? STRING_BYTES : INNER_STRING_BYTES;
  const copied = context.buffer.add({ kind: 'cstring', base: image.at, offset: 0, length: room });
  if (!copied) return unreadable(REASON.tooMuch);
  return { kind: 'cstring', pointer: image.at, at: copied.at, room, ops: [copied.op], headerOps: image.ops };
}

/** Both words, the dynamic type's address, and what lies behind the data word: read by that type once it is known. */
function interfaceRecipe(context: RecipeContext, resolved: ResolvedType, image: ValueImage): Recipe {
  const hasMethods = resolved.type.fields?.[0]?.name === 'tab';
  const viaItab = hasMethods ? context.buffer.add({ kind: 'memory', base: image.at, offset: 8, length: 8 }) : null;
  const behind = (image.level ?? 0) === 0 && context.buffer.isHalfEmpty() ? copyMuch(context, image) : copyFirst(context, image);
  if (!behind || (hasMethods && !viaItab)) return unreadable(REASON.tooMuch);
  return {
    kind: 'interface',
    first: image.at,
    typeWord: viaItab ? viaItab.at : image.at,
    behind,
    typeOps: viaItab ? [viaItab.op] : image.ops,
    ops: image.ops,
  };
}

/** Two words and the text that they may be. */
function copyFirst({ buffer }: RecipeContext, image: ValueImage): BehindInterface | null {
  const first = buffer.add({ kind: 'memory', base: image.at + 8, offset: 0, length: FIRST_BYTES });
  if (!first) return null;
  const text = copyText(buffer, first.at, 0, INNER_STRING_BYTES, [first.op]);
  const brought = [{ bytes: FIRST_BYTES, ops: [first.op] }];
  return { word: image.at + 8, wordOps: image.ops, at: first.at, brought, texts: [text] };
}

/** As much as most structs have, and the texts that may lie at its beginning. What lies behind a small value may be missing. */
function copyMuch({ buffer }: RecipeContext, image: ValueImage): BehindInterface | null {
  const [word, at] = [image.at + 8, buffer.reserve(FIRST_BYTES + MORE_BYTES)];
  if (at === null) return null;
  const first = buffer.put({ kind: 'memory', base: word, offset: 0, length: FIRST_BYTES }, at);
  const more = buffer.put({ kind: 'memory', base: word, offset: FIRST_BYTES, length: MORE_BYTES }, at + FIRST_BYTES);
  if (first === null || more === null) return null;
  const brought = [
    { bytes: FIRST_BYTES, ops: [first] },
    { bytes: FIRST_BYTES + MORE_BYTES, ops: [first, more] },
  ];
  const texts = [
    copyText(buffer, at, 0, STRING_BYTES, [first]),
    copyText(buffer, at, 8, INNER_STRING_BYTES, [first, more]),
    copyText(buffer, at, 16, INNER_STRING_BYTES, [first, more]),
  ];
  return { word, wordOps: image.ops, at, brought, texts };
}

function copyText(buffer: CaptureBuffer, at: number, offset: number, room: number, headerOps: number[]) {
  const [base, count] = [at + offset, at + offset + 8];
  const copied = buffer.add({ kind: 'counted', base, offset: 0, length: room, count, unit: 1 });
  const text: Recipe = copied
    ? { kind: 'string', length: count, at: copied.at, room, ops: [copied.op], headerOps }
    : unreadable(REASON.tooMuch);
  return { offset, text };
}

function lengthRecipe(context: RecipeContext, image: ValueImage): Recipe {
  const copied = context.buffer.add({ kind: 'memory', base: image.at, offset: 0, length: LENGTH_BYTES });
  if (!copied) return unreadable(REASON.tooMuch);
  return { kind: 'length', pointer: image.at, length: copied.at, ops: [copied.op], headerOps: image.ops };
}

/** A Go func value points at a closure, whose first word is the code. */
function funcRecipe(context: RecipeContext, image: ValueImage): Recipe {
  const copied = context.buffer.add({ kind: 'memory', base: image.at, offset: 0, length: 8 });
  if (!copied) return unreadable(REASON.tooMuch);
  return { kind: 'func', pointer: image.at, code: copied.at, ops: [copied.op], headerOps: image.ops };
}

function elementOf(types: FunctionTypes['types'], resolved: ResolvedType): number {
  const first = resolveType(types, resolved.type.fields?.[0]?.type ?? -1);
  return resolved.type.target !== undefined && resolved.type.target >= 0 ? resolved.type.target : (first?.type.target ?? -1);
}

/** All pointers share the bodies of generic functions, as if they pointed at a byte. */
const isShapedPointer = ({ name }: ResolvedType): boolean => name.startsWith('go.shape.*');
/** Floats and doubles, alone or as parts of complex numbers, and long doubles. */
const isDecoded = (type: DwarfType): boolean =>
  (type.kind === 'complex' ? [8, 16] : [4, 8]).includes(type.size) || isLongDouble(type);
const isByte = ({ type }: ResolvedType): boolean => type.size === 1 && type.kind === 'uint';
const isChar = ({ type, name }: ResolvedType): boolean => type.size === 1 && name === 'char';
const isRustStr = (name: string): boolean => name === '&str';
const isRustSlice = ({ name, type }: ResolvedType): boolean => /^&(mut )?\[/.test(name) && type.kind === 'struct';

/** Where libstdc++'s strings and views of them have their words; null: it is another type, or another library's. */
function cppText({ type }: ResolvedType): { pointer: number; length: number } | null {
  const found = type.kind === 'struct' ? /^basic_string(_view)?<char[,>]/.exec(type.name) : null;
  if (found === null) return null;
  const at = (name: string): number | undefined => type.fields?.find((field) => field.name === name)?.offset;
  const [pointer, length] = found[1] ? [at('_M_str'), at('_M_len')] : [at('_M_dataplus'), at('_M_string_length')];
  return pointer === undefined || length === undefined ? null : { pointer, length };
}
