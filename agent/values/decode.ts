/** From copied bytes to the values of the snapshot document ("Values" of the command-line contract). */

import type { CapturedValue } from '../../snapshots/document.js';
import type { GoType } from '../symbols/go/type-descriptors.js';
import { recipeBehind } from './behind-interface.js';
import { type PlannedValue, REASON, type Recipe } from './plan.js';

/** What a moment's operations copied. Bit i of `failed`: operation i met memory that is not present. */
export interface CapturedBytes {
  bytes: Buffer;
  failed: bigint;
}

/** What lies at addresses of the process: dynamic types (null where unknown) and functions by name (empty where unknown). */
export interface AddressNames {
  typeAt(address: bigint): GoType | null;
  functionName(address: bigint): string;
}

type Shown = Omit<CapturedValue, 'name' | 'type'>;

/** One planned value as JSON; never throws on hostile bytes. */
export function decodeValue(planned: PlannedValue, captured: CapturedBytes, names: AddressNames): CapturedValue {
  return { name: planned.name, type: planned.type, ...new Decoder(captured, names).show(planned.recipe) };
}

class Decoder {
  constructor(
    private readonly captured: CapturedBytes,
    private readonly names: AddressNames,
  ) {}

  show(recipe: Recipe): Shown {
    switch (recipe.kind) {
      case 'unreadable':
        return { unreadable: recipe.reason };
      case 'int':
      case 'uint':
      case 'float':
      case 'bool':
      case 'complex':
        return this.failed(recipe.ops) ? absent() : { value: this.number(recipe) };
      case 'bit field':
        return this.failed(recipe.ops) ? absent() : { value: this.bits(recipe) };
      case 'chars':
        return this.chars(recipe);
      case 'string':
        return this.string(recipe);
      case 'cstring':
        return this.cstring(recipe);
      case 'bytes':
        return this.hex(recipe);
      case 'list':
        return this.list(recipe);
      case 'struct':
        return { value: Object.fromEntries(recipe.fields.map((field) => [field.name, this.inner(field.value)])) };
      case 'variant':
        return this.variant(recipe);
      case 'optional':
        if (this.failed(recipe.ops)) return absent();
        return this.captured.bytes[recipe.engaged] === 0 ? { value: null } : this.show(recipe.value);
      case 'pointer':
        return this.pointer(recipe);
      case 'interface':
        return this.interface(recipe);
      case 'length':
        return this.lengthOnly(recipe);
      case 'func':
        return this.func(recipe);
    }
  }

  /** A field or element: the bare value where that says all, else the object that says why not. */
  private inner(recipe: Recipe): unknown {
    const { value, ...rest } = this.show(recipe);
    // Of maps, channels and functions the value is null whatever they hold: what is known instead tells them from nil.
    const isThere = (recipe.kind === 'length' || recipe.kind === 'func') && this.word(recipe.pointer) !== 0n;
    return rest.unreadable === undefined && !isThere ? value : rest;
  }

  private failed(ops: number[]): boolean {
    return ops.some((op) => ((this.captured.failed >> BigInt(op)) & 1n) === 1n);
  }

  private word(at: number): bigint {
    return this.captured.bytes.readBigUInt64LE(at);
  }

  private number(recipe: Extract<Recipe, { kind: 'int' | 'uint' | 'float' | 'bool' | 'complex' }>): unknown {
    const { bytes } = this.captured;
    if (recipe.kind === 'complex') return complex(this.half(recipe, 0), this.half(recipe, 1));
    if (recipe.kind === 'bool') return bytes[recipe.at] !== 0;
    if (recipe.kind === 'float') return finite(FLOAT_READERS[recipe.size]?.(bytes, recipe.at) ?? Number.NaN);
    if (recipe.size > 8)
      return `0x${Buffer.from(bytes.subarray(recipe.at, recipe.at + recipe.size))
        .reverse()
        .toString('hex')}`;
    const bits = BigInt.asUintN(recipe.size * 8, this.word(recipe.at));
    return safe(recipe.kind === 'int' ? BigInt.asIntN(recipe.size * 8, bits) : bits);
  }

  private bits({ of, at, size, firstBit, bits }: Extract<Recipe, { kind: 'bit field' }>): unknown {
    const unit = Buffer.alloc(8);
    this.captured.bytes.copy(unit, 0, at, at + size);
    const value = BigInt.asUintN(bits, unit.readBigUInt64LE(0) >> BigInt(firstBit));
    return of === 'bool' ? value !== 0n : safe(of === 'int' ? BigInt.asIntN(bits, value) : value);
  }

  /** Characters up to the first NUL, as C means an array of them. */
  private chars({ at, room, whole, ops }: Extract<Recipe, { kind: 'chars' }>): Shown {
    if (this.failed(ops)) return absent();
    const all = this.captured.bytes.subarray(at, at + room);
    const end = all.indexOf(0);
    const shown = end < 0 ? all : all.subarray(0, end);
    return { ...text(shown), len: shown.length, ...(end < 0 && !whole ? { truncated: true as const } : {}) };
  }

  private string(recipe: Extract<Recipe, { kind: 'string' }>): Shown {
    if (this.failed(recipe.headerOps)) return absent();
    const length = this.word(recipe.length);
    if (length > 0n && this.failed(recipe.ops)) return { ...absent(), len: Number(length) };
    const shown = Math.min(Number(length), recipe.room);
    return { ...text(this.captured.bytes.subarray(recipe.at, recipe.at + shown)), len: Number(length), ...cut(length, shown) };
  }

  private cstring(recipe: Extract<Recipe, { kind: 'cstring' }>): Shown {
    if (this.failed(recipe.headerOps)) return absent();
    if (this.word(recipe.pointer) === 0n) return { value: null };
    if (this.failed(recipe.ops)) return absent();
    const room = this.captured.bytes.subarray(recipe.at, recipe.at + recipe.room);
    const end = room.indexOf(0);
    // The kernel ends a cut string with a NUL in the last byte.
    const whole = end >= 0 && end < recipe.room - 1;
    const shown = end < 0 ? room : room.subarray(0, end);
    return { ...text(shown), ...(whole ? { len: shown.length } : { truncated: true as const }) };
  }

  private hex(recipe: Extract<Recipe, { kind: 'bytes' }>): Shown {
    if (this.failed(recipe.headerOps)) return absent();
    const length = this.lengthOf(recipe.length);
    if (length > 0n && this.failed(recipe.ops)) return { ...absent(), len: Number(length) };
    const shown = Math.min(Number(length), recipe.room);
    const value = this.captured.bytes.toString('hex', recipe.at, recipe.at + shown);
    return { value, encoding: 'hex', len: Number(length), ...cut(length, shown) };
  }

  private list(recipe: Extract<Recipe, { kind: 'list' }>): Shown {
    if (this.failed(recipe.headerOps)) return absent();
    const length = this.lengthOf(recipe.length);
    if (length > 0n && this.failed(recipe.ops)) return { ...absent(), len: Number(length) };
    const shown = Math.min(Number(length), recipe.items.length);
    return {
      value: recipe.items.slice(0, shown).map((item) => this.inner(item)),
      len: Number(length),
      ...cut(length, shown),
    };
  }

  private lengthOf(length: number | { fixed: number }): bigint {
    return typeof length === 'number' ? this.word(length) : BigInt(length.fixed);
  }

  /** As it is written: a name, or a name with what it holds. */
  private variant({ tag, variants }: Extract<Recipe, { kind: 'variant' }>): Shown {
    if (tag && this.failed(tag.ops)) return absent();
    const value = tag && BigInt.asUintN(tag.size * 8, this.word(tag.at)).toString();
    const live = variants.find((variant) => variant.value === value) ?? variants.find((variant) => variant.value === undefined);
    if (!live) return { unreadable: REASON.noVariant };
    return { value: live.data ? { [live.name]: this.inner(live.data) } : live.name };
  }

  private pointer(recipe: Extract<Recipe, { kind: 'pointer' }>): Shown {
    if (this.failed(recipe.ops)) return absent();
    const address = this.word(recipe.pointer);
    if (address === 0n) return { value: null };
    const at = { address: `0x${address.toString(16)}` };
    if (recipe.bare && recipe.target) return this.show(recipe.target);
    return recipe.target ? { ...this.show(recipe.target), ...at } : { value: at.address, ...at };
  }

  private interface(recipe: Extract<Recipe, { kind: 'interface' }>): Shown {
    if (this.failed(recipe.ops)) return absent();
    if (this.word(recipe.first) === 0n) return { value: null };
    if (this.failed(recipe.typeOps)) return absent();
    const type = this.names.typeAt(this.word(recipe.typeWord));
    if (type === null) return { dynamic_type: '', unreadable: REASON.nameOnly };
    return { dynamic_type: type.name, ...this.show(recipeBehind(type, recipe.behind)) };
  }

  /** The real or the imaginary part. */
  private half({ at, size }: { at: number; size: number }, half: 0 | 1): number {
    const { bytes } = this.captured;
    return size === 8 ? bytes.readFloatLE(at + 4 * half) : bytes.readDoubleLE(at + 8 * half);
  }

  private lengthOnly(recipe: Extract<Recipe, { kind: 'length' }>): Shown {
    if (this.failed(recipe.headerOps)) return absent();
    if (this.word(recipe.pointer) === 0n) return { value: null, len: 0 };
    return this.failed(recipe.ops) ? absent() : { value: null, len: Number(this.word(recipe.length)) };
  }

  private func(recipe: Extract<Recipe, { kind: 'func' }>): Shown {
    if (this.failed(recipe.headerOps)) return absent();
    if (this.word(recipe.pointer) === 0n) return { value: null };
    return this.failed(recipe.ops) ? absent() : { value: null, target: this.names.functionName(this.word(recipe.code)) };
  }
}

/** By bytes; 16: the x87's, of 64 bits behind the point's place and its own leading one. */
const FLOAT_READERS: Record<number, (bytes: Buffer, at: number) => number> = {
  4: (bytes, at) => bytes.readFloatLE(at),
  8: (bytes, at) => bytes.readDoubleLE(at),
  16: extendedAt,
};

function extendedAt(bytes: Buffer, at: number): number {
  const word = bytes.readUInt16LE(at + 8);
  const sign = word & 0x8000 ? -1 : 1;
  const [exponent, mantissa] = [word & 0x7fff, bytes.readBigUInt64LE(at)];
  if (exponent === 0x7fff) return BigInt.asUintN(63, mantissa) === 0n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return (sign * Number(mantissa) * 2 ** (Math.max(exponent, 1) - 16_383)) / 2 ** 63;
}

const absent = (): Shown => ({ unreadable: REASON.notPresent });
const cut = (length: bigint, shown: number): Shown => (length > BigInt(shown) ? { truncated: true } : {});
const safe = (value: bigint): number | string =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** As Go prints it. */
const complex = (real: number, imaginary: number): string =>
  `(${real}${imaginary < 0 || Object.is(imaginary, -0) ? '-' : '+'}${Math.abs(imaginary)}i)`;

/** UTF-8 as it is; anything else with U+FFFD and the raw bytes beside it. */
function text(bytes: Buffer): Shown {
  const value = bytes.toString('utf8');
  return Buffer.from(value).equals(bytes) ? { value } : { value, raw_hex: bytes.toString('hex') };
}
