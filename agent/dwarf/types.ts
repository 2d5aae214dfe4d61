/** A function's parameters and types as DWARF has them, flattened: `target`, `type` and `returns` index `types`, -1 is none. */

export type TypeKind =
  | 'int'
  | 'uint'
  | 'bool'
  | 'float'
  | 'complex'
  | 'pointer'
  | 'struct'
  | 'union'
  | 'array'
  | 'enum'
  | 'func'
  | 'alias'
  | 'unknown';

export interface DwarfType {
  kind: TypeKind;
  name: string;
  /** Bytes. */
  size: number;
  /** reflect.Kind of a Go type; 0 elsewhere. */
  goKind: number;
  /** Pointer, alias and array: what it refers to; a Go slice: its element. */
  target?: number;
  /** Array: elements. */
  count?: number;
  fields?: { name: string; offset: number; type: number }[];
  /** C++: passed by a hidden pointer. */
  byReference?: boolean;
  /** Rust: an enum with data, whose live variant is not decoded. */
  variants?: boolean;
}

export interface DwarfParameter {
  name: string;
  type: number;
  /** A Go result. */
  result: boolean;
  /** C++'s `this`. */
  artificial: boolean;
}

export interface FunctionTypes {
  /** As the debug information has it. */
  name: string;
  parameters: DwarfParameter[];
  /** The return type of a function that is not Go's. */
  returns: number;
  types: (DwarfType | null)[];
}

/** Go describes some results twice, which would put those behind them into wrong registers. Blank names are not repeats. */
export function withoutRepeats(types: FunctionTypes): FunctionTypes {
  const first = new Map(types.parameters.map(({ name }, place) => [name, place] as const).reverse());
  const isOwn = (name: string, place: number): boolean => ['', '_'].includes(name) || first.get(name) === place;
  return { ...types, parameters: types.parameters.filter(({ name }, place) => isOwn(name, place)) };
}
