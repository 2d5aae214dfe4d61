/** What a file on disk says about its functions: read once a build id, pure values from there on. */

/** Where the names came from. */
export type SymbolSource = 'pclntab' | 'symtab' | 'dynsym' | 'debugfile' | 'minidebuginfo' | 'none';

export type Language = 'go' | 'c' | 'c++' | 'rust' | 'node' | 'unknown';

/** A loadable segment: file offset = vaddr - this.vaddr + this.offset. */
export interface Segment {
  vaddr: number;
  offset: number;
  fileSize: number;
  executable: boolean;
}

/**
 * The functions of an image, as columns sorted by address: 100,000 rows are normal. Row i is a body; several rows may
 * share a name (generic shapes, clones), several names an address (`aliases`).
 */
export interface FunctionTable {
  readonly count: number;
  name(row: number): string;
  /** Virtual address as linked. */
  address(row: number): number;
  size(row: number): number;
  /** Source file of the first line; empty when unknown. */
  file(row: number): string;
  line(row: number): number;
  /** Rows whose name, or an alias, is exactly this. */
  find(name: string): number[];
}

/** Go's own tables, for proofs and goroutine identity. */
export interface GoRuntime {
  /** "go1.26.8"; empty when the build info is stripped (then told from the tables' magic). */
  version: string;
  /** Offset of goid in runtime.g; 0 when unknown. */
  goidOffset: number;
  /** Offset of the status word (atomicstatus) in runtime.g; 0 when unknown. */
  statusOffset: number;
  /** Offset of sched.sp in runtime.g; 0 when unknown. */
  schedSpOffset: number;
  /** Stack depth by pcsp at an address inside row's function, bytes; null where the table has no value. */
  stackDepth(row: number, address: number): number | null;
  /** Whether the row is assembly (no ABIInternal registers promised). */
  isAssembly(row: number): boolean;
  /** Calls of this function that the compiler inlined elsewhere, by the inline tree; 0 where unknown. */
  inlinedCopies(row: number): number;
}

export interface Image {
  path: string;
  buildId: string;
  language: Language;
  symbols: SymbolSource;
  segments: Segment[];
  pie: boolean;
  functions: FunctionTable;
  go: GoRuntime | null;
  /** The text of a function, from the file; a fresh view. */
  text(row: number): Uint8Array;
  /** File offset of a virtual address; null outside every segment. */
  fileOffset(address: number): number | null;
}
