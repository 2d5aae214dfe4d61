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
  /** Array: elements; absent: the type does not tell. */
  count?: number;
  fields?: DwarfField[];
  /** So many fields more than are described. */
  fieldsOmitted?: number;
  /** C++: passed by a hidden pointer. */
  byReference?: boolean;
  /** Declared only: neither its size nor its fields are known. */
  incomplete?: boolean;
  /** Enum: stored without sign. */
  unsigned?: boolean;
  /** Rust's String and Vec, C++'s vector: where the address of their elements is, and their number or the address behind the last. */
  buffer?: { pointer: number; element: number } & ({ length: number } | { end: number });
  /** C++'s unique_ptr and shared_ptr: where their address is, and its type. */
  owned?: { pointer: number; type: number };
  /** C++'s optional: where its value is, and the byte that says whether there is one. */
  optional?: { value: number; type: number; engaged: number };
  /** Rust: an enum with data. */
  variants?: DwarfVariant[];
  /** Where its variants are told apart: a word of their own, or one of the data of the variant without value. */
  tag?: { offset: number; size: number };
}

export interface DwarfVariant {
  name: string;
  /** A struct of what it holds, with places in the whole enum. */
  type: number;
  /** Of the tag, unsigned; absent: every value that is no other's; empty: not known. */
  value?: string;
}

export interface DwarfField {
  name: string;
  offset: number;
  type: number;
  /** Of a bit field: how many bits, and the first, counted from the lowest at `offset`. */
  bits?: number;
  /** Only the running program knows where: a virtual base. */
  unplaced?: boolean;
  firstBit?: number;
}

export interface DwarfParameter {
  name: string;
  type: number;
  /** A Go result. */
  result: boolean;
  /** C++'s `this`. */
  artificial: boolean;
  /** Where it is when the function begins, by the compiler's word; absent: it does not say. */
  place?: EntryPlace;
}

/**
 * `register`: by DWARF's number, as it is (`whole`), or in others too, behind it, or computed from it. `memory`: on the
 * stack, also where the function will keep it. `caller`: in its caller's part of the stack. `later`: only told for
 * instructions further on. `nowhere`: optimised away. `byReference`: what is there is its address.
 */
export type EntryPlace =
  | { in: 'register'; number: number; whole: boolean; byReference?: boolean }
  | { in: 'memory'; byReference?: boolean }
  | { in: 'caller' | 'later' | 'nowhere' };

export interface FunctionTypes {
  /** As the debug information has it. */
  name: string;
  /** The compiler has changed what it takes and returns, so that the calling convention does not tell where it is. */
  changed?: boolean;
  /** Its language's compiler passes values in its own way (Zig, Swift, OCaml). */
  ownConvention?: boolean;
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
