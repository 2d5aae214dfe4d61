/** Where an ABI puts a value at the entry or the return: pieces in registers or memory. */

/** A piece of a value: `offset` and `size` in the value's memory image. */
export type Piece =
  | { in: 'register'; reg: number; offset: number; size: number }
  | { in: 'stack'; at: number; offset: number; size: number }
  | { in: 'float'; offset: number; size: number };

/** A value's place. `pointer`: the pieces hold the address of the value. */
export type Place =
  | { kind: 'pieces'; pieces: Piece[] }
  | { kind: 'pointer'; pieces: Piece[]; size: number }
  | { kind: 'unknown'; reason: string };

/** `given`: a register held its address when the call began. */
export type ResultPlace = Place | { kind: 'given'; reg: number; size: number };

/** Where a function's values are. */
export interface Placement {
  arguments: Place[];
  results: ResultPlace[];
}
