/** Which calls the waiting threads of a process can have open, by walking their stacks. */

import { CoralError } from '../../proto/errors.js';
import type { Kernel, ParkedColumns } from '../kernel/kernel.js';
import { loadBias, type MappedFile, mappedFiles } from '../procfs/mapped-files.js';
import { sameStack, stackPointer } from '../procfs/thread-stack.js';
import type { LoadedCode, ProcessStacks } from '../sessions/ports.js';
import { once } from '../symbols/name-index.js';
import { type CodeFrames, openCodeFrames } from '../symbols/open-code-frames.js';
import { type StackWalk, type WalkedCall, walkGoroutine, walkStack } from './stack-walk.js';

const PAGE_BYTES = 4096;
const WORD_BYTES = 8;
/** Processes whose walks are kept, and files whose call frames are; the oldest goes first. */
const MAX_PROCESSES = 64;
const MAX_FILES = 64;

/** A walk that holds as long as its thread has not run. */
interface KnownWalk extends StackWalk {
  switches: bigint;
  outermost: bigint;
  stackPointer: bigint;
}

type KnownWalks = Map<number, KnownWalk>;

/** Walks are kept from look to look: threads that wait for long cost one walk. */
export class ThreadStacks {
  readonly #walks = new Map<number, KnownWalks>();
  readonly #files = new Map<string, CodeFrames>();

  constructor(private readonly kernel: Kernel) {}

  look(pid: number, maxWalks: number): ProcessStacks {
    const parked = this.kernel.parkedThreads(pid);
    if (parked === null) return withoutIterator(pid, this.kernel, maxWalks);
    const before = this.#walks.get(pid) ?? new Map<number, KnownWalk>();
    const known: KnownWalks = new Map();
    keep(this.#walks, pid, known, MAX_PROCESSES);
    const codeAt = once(() => codeOf(pid, (file) => this.#open(file)));
    return new StackLook(pid, this.kernel, parked, { before, known, left: maxWalks }, (address) => codeAt()(address));
  }

  #open(file: MappedFile): CodeFrames {
    const key = file.mappings[0]!.file;
    const frames = this.#files.get(key) ?? openCodeFrames(file.openPath);
    keep(this.#files, key, frames, MAX_FILES);
    return frames;
  }
}

/** What a kernel without the iterator lets us know: of threads, where the innermost call stands. */
function withoutIterator(pid: number, kernel: Kernel, maxWalks: number): ProcessStacks {
  const onOneStack = once(() => sameStack(pid));
  const goroutines = new GoroutineWalks(new StackWords(pid, kernel), { left: maxWalks });
  return {
    isLeftByGoroutine: (...asked) => goroutines.isLeft(...asked),
    isLeft(thread, address) {
      const pointer = stackPointer(pid, thread);
      return pointer !== null && address < pointer && onOneStack()(address, pointer);
    },
  };
}

interface Walks {
  before: KnownWalks;
  known: KnownWalks;
  /** That may still be made. */
  left: number;
}

const NO_WALK: StackWalk = { calls: [], interrupted: false };

class StackLook implements ProcessStacks {
  readonly #rows: Map<number, number>;
  readonly #onOneStack: () => ReturnType<typeof sameStack>;
  readonly #words: StackWords;
  readonly #goroutines: GoroutineWalks;

  constructor(
    private readonly pid: number,
    private readonly kernel: Kernel,
    private readonly parked: ParkedColumns,
    private readonly walks: Walks,
    private readonly codeAt: (address: number) => LoadedCode | null,
  ) {
    this.#rows = new Map(Array.from(parked.thread, (thread, row) => [thread, row]));
    this.#onOneStack = once(() => sameStack(pid));
    this.#words = new StackWords(pid, kernel);
    this.#goroutines = new GoroutineWalks(this.#words, walks);
  }

  isLeftByGoroutine(...asked: Parameters<ProcessStacks['isLeftByGoroutine']>): boolean {
    return this.#goroutines.isLeft(...asked);
  }

  isLeft(thread: number, address: bigint, outermost: bigint, isItsCode: (address: number) => boolean): boolean {
    const walk = this.#walk(thread, outermost);
    if (walk === null || walk.interrupted) return false;
    const place = Number(address);
    const isOver = isOverAt(place, walk.calls, isItsCode);
    return isOver ?? (address < walk.stackPointer && this.#onOneStack()(address, walk.stackPointer));
  }

  /** Null: the thread runs, or it is not its turn. */
  #walk(thread: number, outermost: bigint): KnownWalk | null {
    const row = this.#rows.get(thread);
    if (row === undefined) return null;
    const { before, known } = this.walks;
    const old = known.get(thread) ?? before.get(thread);
    const holds = old !== undefined && old.switches === this.parked.switches[row] && old.outermost >= outermost;
    const walk = holds ? old : this.#walkAnew(thread, outermost);
    if (walk !== null) known.set(thread, walk);
    return walk;
  }

  #walkAnew(thread: number, outermost: bigint): KnownWalk | null {
    if (this.walks.left-- <= 0) return null;
    const before = this.kernel.parkedThreads(this.pid, thread);
    const [switches, stackPointer] = [before?.switches[0], before?.sp[0]];
    if (before === null || switches === undefined || stackPointer === undefined) return null;
    this.#words.forget();
    // Below the stack pointer lies what is over, or what a handler on another stack interrupted: the whole walk tells.
    const upTo = outermost < stackPointer ? Number.POSITIVE_INFINITY : Number(outermost);
    const walk = this.#onOneStack()(outermost, stackPointer) ? this.#walkFrom(before, upTo) : NO_WALK;
    const stoodStill = this.kernel.parkedThreads(this.pid, thread)?.switches[0] === switches;
    return stoodStill ? { ...walk, switches, outermost, stackPointer } : null;
  }

  #walkFrom({ ip, sp, bp }: ParkedColumns, upTo: number): StackWalk {
    const registers = { ip: Number(ip[0]), sp: Number(sp[0]), bp: Number(bp[0]) };
    return walkStack(registers, upTo, { codeAt: this.codeAt, wordAt: (address) => this.#words.at(address) });
  }
}

/**
 * Whether the call that was to return at a place is over: no call of a walk returns there, or another function's does. Null:
 * the walk did not come so far.
 */
function isOverAt(place: number, calls: readonly WalkedCall[], isItsCode: (address: number) => boolean): boolean | null {
  const call = calls.find((each) => each.place >= place);
  return call === undefined ? null : call.place > place || !isItsCode(call.at);
}

/** Goroutines of one look: each is walked once, for its outermost frame, which is asked for first. */
class GoroutineWalks {
  readonly #calls = new Map<bigint, readonly WalkedCall[]>();

  constructor(
    private readonly words: StackWords,
    private readonly walks: Pick<Walks, 'left'>,
  ) {}

  isLeft(parked: Parked, address: bigint, code: LoadedCode, isItsCode: (address: number) => boolean): boolean {
    const place = Number(address);
    const calls = this.#calls.get(parked.sp) ?? this.#walk(parked, place, code);
    return isOverAt(place, calls, isItsCode) ?? false;
  }

  #walk({ pc, sp }: Parked, upTo: number, code: LoadedCode): readonly WalkedCall[] {
    if (this.walks.left-- <= 0) return [];
    this.words.forget();
    const sources = { codeAt: () => code, wordAt: (address: number) => this.words.at(address) };
    const { calls } = walkGoroutine({ pc: Number(pc), sp: Number(sp) }, upTo, sources);
    this.#calls.set(sp, calls);
    return calls;
  }
}

type Parked = Parameters<ProcessStacks['isLeftByGoroutine']>[0];

/** A process's stacks, page by page. */
class StackWords {
  readonly #pages = new Map<number, Buffer | null>();

  constructor(
    private readonly pid: number,
    private readonly kernel: Pick<Kernel, 'readMemory'>,
  ) {}

  /** What was read may have changed. */
  forget(): void {
    this.#pages.clear();
  }

  /** Eight bytes; null: unreadable, or no address. */
  at(address: number): number | null {
    const page = address - (address % PAGE_BYTES);
    if (address % WORD_BYTES !== 0 || !Number.isSafeInteger(page) || page < 0) return null;
    let bytes = this.#pages.get(page);
    if (bytes === undefined) {
      bytes = this.kernel.readMemory(this.pid, BigInt(page), PAGE_BYTES);
      this.#pages.set(page, bytes);
    }
    const word = bytes === null ? null : Number(bytes.readBigUInt64LE(address - page));
    return word !== null && Number.isSafeInteger(word) ? word : null;
  }
}

/** The code by the memory map of now; files are opened when code of theirs is met. Nothing is known of what cannot be read. */
function codeOf(pid: number, open: (file: MappedFile) => CodeFrames): (address: number) => LoadedCode | null {
  const mapped = whereReadable(() => mappedFiles(pid)) ?? [];
  const files = mapped.map((file) => ({ file, load: once(() => whereReadable(() => loadCode(file, open))) }));
  return (address) => {
    const found = files.find(({ file }) => file.mappings.some(({ start, end }) => address >= start && address < end));
    return found === undefined ? null : found.load();
  };
}

function loadCode(file: MappedFile, open: (file: MappedFile) => CodeFrames): LoadedCode | null {
  const frames = open(file);
  const bias = loadBias(file, frames);
  return bias === null ? null : { frames, bias };
}

function whereReadable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CoralError) return null;
    throw error;
  }
}

function keep<Key, Value>(kept: Map<Key, Value>, key: Key, value: Value, most: number): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}
