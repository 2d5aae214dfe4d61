/** Questions about a function's types that every rule asks: what an alias hides, how big, how aligned. */

import type { DwarfField, DwarfType, FunctionTypes } from '../dwarf/types.js';

/** reflect.Kind numbers of Go types that are structs in DWARF. */
export const GO_KIND = { interface: 20, map: 21, slice: 23, string: 24, chan: 18, func: 19 } as const;

/** A type with its aliases taken off; `name` and `goKind` are of the outermost alias that has them. */
export interface ResolvedType {
  type: DwarfType;
  name: string;
  goKind: number;
}

/** The type at an index; null where DWARF has none or it lies below the depth that is shown. */
export function resolveType(types: FunctionTypes['types'], index: number): ResolvedType | null {
  let name = '';
  let goKind = 0;
  for (let at = index, steps = 0; steps < 16; steps++) {
    const type = types[at];
    if (!type) return null;
    name ||= isShapeAlias(type) ? '' : type.name;
    goKind ||= type.goKind;
    if (type.kind !== 'alias') return { type, name, goKind };
    at = type.target ?? -1;
  }
  return null;
}

/** Generic functions describe their parameters by aliases without a meaning of their own (".param0"). */
const isShapeAlias = ({ kind, name }: DwarfType): boolean => kind === 'alias' && name.startsWith('.param');

/** The 80-bit numbers of the x87, in 16 bytes. */
export const isLongDouble = ({ kind, name, size }: DwarfType): boolean =>
  kind === 'float' && size === 16 && name === 'long double';

/** Alignment in bytes. */
export function alignmentOf(types: FunctionTypes['types'], resolved: ResolvedType): number {
  const { type } = resolved;
  if (type.kind === 'struct') {
    const fields = (type.fields ?? []).map((field) => resolveType(types, field.type));
    return Math.max(1, ...fields.map((field) => (field ? alignmentOf(types, field) : 8)));
  }
  if (type.kind === 'array') {
    const element = resolveType(types, type.target ?? -1);
    return element ? alignmentOf(types, element) : 8;
  }
  if (type.kind === 'complex') return type.size / 2;
  const most = ['int', 'uint', 'float'].includes(type.kind) ? 16 : 8;
  return Math.min(most, Math.max(1, type.size));
}

/** The scalars of a value in memory order, with their offsets; null where the layout is not known. */
export function scalarsOf(types: FunctionTypes['types'], resolved: ResolvedType, offset = 0): Scalar[] | null {
  const { type } = resolved;
  switch (type.kind) {
    case 'union': // all of its fields: a word is of floats where each of them has only floats there
    case 'struct': {
      if (type.variants) return null;
      const parts = (type.fields ?? []).map((field) => {
        const inner = resolveType(types, field.type);
        if (inner && field.bits !== undefined) return [bitsAsScalar(field, offset)];
        return inner ? scalarsOf(types, inner, offset + field.offset) : null;
      });
      return parts.every((part) => part !== null) ? parts.flat() : null;
    }
    case 'array': {
      const element = resolveType(types, type.target ?? -1);
      if (!element || (type.count ?? 0) > 16) return null;
      const parts = Array.from({ length: type.count ?? 0 }, (_, i) => scalarsOf(types, element, offset + i * element.type.size));
      return parts.every((part) => part !== null) ? parts.flat() : null;
    }
    case 'complex':
      return [0, 1].map((half) => ({ offset: offset + (half * type.size) / 2, size: type.size / 2, float: true }));
    case 'unknown':
      return null;
    default:
      return type.size === 0 ? [] : [{ offset, size: type.size, float: type.kind === 'float' }];
  }
}

/** The byte that a bit field begins in: it is never a float, and never lies wrong. */
const bitsAsScalar = ({ offset, firstBit = 0 }: DwarfField, at: number): Scalar => ({
  offset: at + offset + Math.floor(firstBit / 8),
  size: 1,
  float: false,
});

export interface Scalar {
  offset: number;
  size: number;
  float: boolean;
}
