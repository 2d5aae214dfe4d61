/** What a file on disk says about its functions: read once a build id, pure values from there on. */
import type { GoType } from './go/type-descriptors.js';

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
  /** Every row's name, in order; decoded in bulk on first use. */
  names(): readonly string[];
  /** Other names of the same body. */
  aliases(row: number): readonly string[];
  /** `ifunc`: the address is the resolver's, which picks the real body when the program starts. */
  kind(row: number): 'function' | 'ifunc';
  /** The moved piece of some body (GCC's and clang's `.cold`) that holds an address: part of a function, never one. */
  partAt(address: number): CodeRange | null;
  /** The row whose first byte is at this address; -1: none. */
  rowAt(address: number): number;
}

/** A stretch of code, by linked addresses. */
export interface CodeRange {
  address: number;
  size: number;
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
  /** Offset of gopc in runtime.g: the address behind the `go` statement that started it; 0 when unknown. */
  starterOffset: number;
  /** Offsets from runtime.g by which runtime.recovery finds the SP that a recovered panic goes on with; empty when unknown. */
  recoveredAt: readonly number[];
  /** Stack depth by pcsp at an address inside row's function, bytes; null where the table has no value. */
  stackDepth(row: number, address: number): number | null;
  /** Whether the row is assembly (no ABIInternal registers promised). */
  isAssembly(row: number): boolean;
  /** Whether the row is C code that Go's linker took in: no stack depths, no goroutine in its registers. */
  isForeign(row: number): boolean;
  /** Whether the row switches stacks or starts one, so that depths before and after cannot be compared. */
  switchesStacks(row: number): boolean;
  /** The type whose descriptor lies at a linked address; null where none does. */
  typeAt(address: number): GoType | null;
  /** Whether g lies at fs:-8, as code without R14 needs (no other thread-local variables are linked in). */
  gInThreadLocal: boolean;
}

/** Calls that the compiler turned into copies of the callee: they never reach a probe. */
export interface InlinedCopies {
  /** Copies of the function in this row; 0 where none are, or nothing is known (no DWARF). */
  of(row: number): number;
  /** Functions without a body of their own, by name: how often they were copied. */
  withoutBody(): ReadonlyMap<string, number>;
}

export interface Image {
  path: string;
  /** Names the file that was read, whatever lies at `path` by now; holds as long as this image is held. */
  heldPath: string;
  buildId: string;
  language: Language;
  symbols: SymbolSource;
  segments: Segment[];
  pie: boolean;
  functions: FunctionTable;
  go: GoRuntime | null;
  /** By Go's inline trees, else by DWARF; read when first asked. */
  inlined: InlinedCopies;
  /** The text of a function, from the file; a fresh view. */
  text(row: number): Uint8Array;
  /**
   * Bytes between the return address and the stack pointer just before the instruction at an address of row runs: Go's
   * pcsp, else the call frame information. 0 is what a call starts and ends with; null: the file does not say.
   */
  stackDepth(row: number, address: number): number | null;
  /** The stretch around an address that was compiled as one, by the call frame information; null: the file does not say. */
  codeRangeAt(address: number): CodeRange | null;
  /** File offset of a virtual address; null outside every segment. */
  fileOffset(address: number): number | null;
  /** Bytes of the file at an address, cut at the segment's end; null outside every segment. */
  read(address: number, length: number): Uint8Array | null;
  /** Where a process keeps what the resolver at an address picked for this file's own calls; empty where it has none. */
  resolvedIn(resolver: number): readonly number[];
  /** The pointer stored at an address, as linked (through relocations where the program has them); null outside. */
  pointer(address: number): number | null;
}
