/** The processes of this host and their programs, as sessions see them. */

import { CoralError } from '../../proto/errors.js';
import { DebugTypes } from '../dwarf/debug-types.js';
import type { FunctionTypes } from '../dwarf/types.js';
import type { Kernel } from '../kernel/kernel.js';
import { forksOf } from '../procfs/forks.js';
import type { ImageCache } from '../procfs/image-cache.js';
import { loadBias, type MappedFile, mappedFiles, unprobeableBecause } from '../procfs/mapped-files.js';
import { mayUnwind } from '../procfs/may-unwind.js';
import { processIdentity, processNotFound, readFacts, threadLives } from '../procfs/process-facts.js';
import { tracedReason } from '../procfs/scan-processes.js';
import { threadTimes } from '../procfs/thread-times.js';
import { executableRanges, verifyText } from '../procfs/verify-text.js';
import type {
  Bodies,
  MappedImage,
  NamedFunction,
  ProcessIdentity,
  ProcessStacks,
  ReturnsVerdict,
  Selection,
  Targets,
  TextVerdict,
  ThreadTimes,
} from '../sessions/ports.js';
import { bodyRanges } from '../sites/body.js';
import type { PlannedSite, SiteDecision } from '../sites/plan.js';
import { usesReturnAddress } from '../sites/return-address.js';
import type { CodeRange, Image } from '../symbols/image.js';
import { once } from '../symbols/name-index.js';
import { CallGraph } from './call-graph.js';
import { findCatchers } from './catchers.js';
import type { Decisions } from './decisions.js';
import { pickedBody } from './picked-body.js';
import { selectInProcess } from './select-in-process.js';
import { ThreadStacks } from './thread-stacks.js';

/** INT3, the byte that uprobes and debuggers put in place of an instruction's first. */
const BREAKPOINT = 0xcc;

const POINTER_BYTES = 8;

export class RealTargets implements Targets {
  readonly #debugTypes = new DebugTypes();

  readonly #callGraph = new CallGraph();

  readonly #stacks: ThreadStacks;

  constructor(
    private readonly kernel: Kernel,
    private readonly images: ImageCache,
    private readonly decisions: Decisions,
    /** Whether this kernel has uprobe.session. */
    private readonly hasSessionProbes: () => boolean,
    /** Functions of programs without debug information are refused. */
    private readonly requireDwarf = false,
  ) {
    this.#stacks = new ThreadStacks(kernel);
  }

  identity(pid: number): ProcessIdentity | null {
    return processIdentity(pid);
  }

  cpuNs(pid: number): number | null {
    return this.kernel.processCpuNs(pid);
  }

  threadTimes(pid: number): ThreadTimes | null {
    return threadTimes(pid);
  }

  forks(pid: number): number[] {
    return forksOf(pid);
  }

  threadLives(pid: number, thread: number): boolean {
    return threadLives(pid, thread);
  }

  lookAtStacks(pid: number, maxWalks: number): ProcessStacks {
    return this.#stacks.look(pid, maxWalks);
  }

  decide(image: Image, row: number): SiteDecision {
    return this.decisions.of(image, row);
  }

  types({ image, armPath, shownPath }: MappedImage, row: number): FunctionTypes {
    return this.#debugTypes.describe({ image, openPath: armPath, shownPath }, row);
  }

  async select(pid: number, patterns: readonly string[]): Promise<Selection> {
    insistUntraced(pid);
    const found = selectInProcess(patterns, mappedFiles(pid), (file) => this.#open(file));
    const selection = { ...found, functions: found.functions.map((fn) => this.picked(fn)) };
    return this.requireDwarf ? refuseWithoutDwarf(selection, this.#debugTypes) : selection;
  }

  /** The body behind an indirect function; other functions as they are. */
  picked(fn: NamedFunction): NamedFunction {
    return pickedBody(fn, (pid, address) => {
      const bytes = this.kernel.readMemory(pid, BigInt(address), POINTER_BYTES);
      return bytes === null || bytes.length < POINTER_BYTES ? null : Number(bytes.readBigUInt64LE());
    });
  }

  catchers(pid: number): Bodies[] {
    return findCatchers(mappedFiles(pid), (file) => this.#open(file));
  }

  /** The program of a process; throws PROCESS_NOT_FOUND, NO_PERMISSION, CORRUPT_ELF. */
  executable(pid: number): MappedImage {
    const [program] = mappedFiles(pid);
    if (!program?.isProgram) throw processNotFound(pid);
    return this.#open(program);
  }

  /** Under a seccomp filter the system call by which such a return comes back may be the process's end. */
  mayReplaceReturns(pid: number): ReturnsVerdict {
    const inProcess = once(() => this.hasSessionProbes() && readFacts(pid)?.seccompFilter === false);
    const stacks = once(() => mayUnwind(pid));
    return (image, rows) =>
      inProcess() && !stacks().may && !rows.some((row) => this.#needsOwnReturns(image, row, stacks().jumps));
  }

  /** A breakpoint that another program has put on one of these functions' own sites is no difference: probes share it. */
  compareRows(mapped: MappedImage, rows: readonly number[], armed: readonly PlannedSite[]): TextVerdict {
    const ranges = rows.flatMap((row) => bodyRanges(mapped.image, row));
    const unprobeable = this.#unprobeable(mapped, ranges);
    if (unprobeable !== null) return { ok: false, detail: unprobeable };
    const decisions = rows.map((row) => this.decide(mapped.image, row));
    const sites = decisions.flatMap((decision) => (decision.ok ? decision.sites : []));
    const shared = new Set(sites.map((site) => site.address));
    return this.#compare(mapped, ranges, armed, (address) => shared.has(address));
  }

  compareText(mapped: MappedImage, armed: readonly PlannedSite[]): TextVerdict {
    return this.#compare(mapped, executableRanges(mapped.image), armed, () => false);
  }

  #unprobeable({ image, bias, mappings }: MappedImage, ranges: readonly CodeRange[]): string | null {
    if (bias === null) return null;
    for (const { address, size } of ranges) {
      const offset = image.fileOffset(address);
      const because = offset === null ? null : unprobeableBecause(mappings, { address: address + bias, size, offset });
      if (because !== null) return because;
    }
    return null;
  }

  #needsOwnReturns(image: Image, row: number, jumps: boolean): boolean {
    const mayBeLeft = jumps && !this.#callGraph.staysInside(image, row);
    return mayBeLeft || this.#callGraph.mayNest(image, row) || usesReturnAddress(image, row);
  }

  #open(file: MappedFile): MappedImage {
    const image = this.images.open(file.openPath);
    return {
      pid: file.pid,
      image,
      armPath: image.heldPath,
      shownPath: file.shownPath,
      bias: loadBias(file, image),
      mappings: file.mappings,
    };
  }

  #compare(
    { pid, image, bias, shownPath }: MappedImage,
    ranges: readonly CodeRange[],
    armed: readonly PlannedSite[],
    isShared: (address: number) => boolean,
  ): TextVerdict {
    if (bias === null) return { ok: false, detail: `the code of ${shownPath} is not where its file says` };
    const ignored = new Set(armed.map((site) => site.address));
    const target = { pid, bias, image: { ...image, path: shownPath } };
    for (;;) {
      const comparison = verifyText(target, ranges, (...where) => this.kernel.readMemory(...where), ignored);
      const { difference, ok, detail } = comparison;
      if (difference?.found !== BREAKPOINT) return { ok, detail };
      if (!isShared(difference.address)) return { ok, detail: `${detail} (a breakpoint, of another session or program)` };
      ignored.add(difference.address);
    }
  }
}

function insistUntraced(pid: number): void {
  const facts = readFacts(pid);
  if (facts === null) throw processNotFound(pid);
  const reason = tracedReason(facts);
  if (reason === '') return;
  throw new CoralError('NOT_PROBEABLE', `process ${pid} cannot be probed: ${reason}`, 'detach the debugger first', {
    pid,
    code: 'TRACED',
  });
}

/** What agent.debug.require_dwarf asks for. */
function refuseWithoutDwarf({ functions, refused }: Selection, debugTypes: DebugTypes): Selection {
  const selection: Selection = { functions: [], refused: [...refused] };
  for (const fn of functions) {
    const reason = missingDwarf(fn.mapped, debugTypes);
    if (reason === '') selection.functions.push(fn);
    else selection.refused.push({ function: fn.name, code: 'NO_DWARF', reason });
  }
  return selection;
}

/** Why there is none; empty: there is. */
function missingDwarf({ image, armPath, shownPath }: MappedImage, debugTypes: DebugTypes): string {
  try {
    debugTypes.open({ image, openPath: armPath, shownPath });
    return '';
  } catch (error) {
    if (error instanceof CoralError) return `${error.message} (agent.debug.require_dwarf is set)`;
    throw error;
  }
}
