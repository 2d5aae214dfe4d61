/** Every process that could be probed, and why one cannot. */

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { CoralError, type ErrorCode } from '../../proto/errors.js';
import type { Language, SymbolSource } from '../symbols/image.js';
import { fileKey, type ImageCache } from './image-cache.js';
import { executablePath, identityOf, isKernelThread, listPids, type ProcessFacts, readFacts } from './process-facts.js';

export interface ProbeTarget {
  pid: number;
  /** Base name of the executable. */
  service: string;
  executable: string;
  startTimeTicks: number;
  uid: number;
  namespacePid: number;
  cpuNs: number;
  language: Language;
  /** "go1.26.8"; empty for other languages. */
  languageVersion: string;
  symbols: SymbolSource;
  buildId: string;
  functionCount: number;
  probeable: boolean;
  /** Why not; empty when probeable. */
  reason: string;
  /** The code of the error that `reason` is the words of. */
  reasonCode: ErrorCode | '';
}

type Program = Pick<
  ProbeTarget,
  'language' | 'languageVersion' | 'symbols' | 'buildId' | 'functionCount' | 'reason' | 'reasonCode'
>;

/** Looks at all processes again and again; what does not change is looked at once. */
export class ProcessScan {
  readonly #cache: ImageCache;
  /** What is known of files, for programs that run again when their image is no longer kept. */
  readonly #programs = new Map<string, Program>();
  #known = new Map<string, { executable: string; program: Program }>();
  /** Threads of the kernel, which an error tells, the dearest answer there is: asked anew once in a while only. */
  #kernelThreads = new Set<number>();
  #scans = 0;

  constructor(cache: ImageCache) {
    this.#cache = cache;
  }

  /**
   * All user processes now, by pid. Kernel threads and processes that end meanwhile are left out. In a `hasty` scan large
   * programs that were not read before stay unread: language 'unknown', no function count.
   */
  scan({ hasty = false }: { hasty?: boolean } = {}): ProbeTarget[] {
    const before = this.#known;
    this.#known = new Map();
    if (this.#scans++ % SCANS_TRUSTED === 0) this.#kernelThreads.clear();
    return listPids().flatMap((pid) => this.#look(pid, before, hasty) ?? []);
  }

  #look(pid: number, before: ReadonlyMap<string, { executable: string; program: Program }>, hasty: boolean): ProbeTarget | null {
    const facts = this.#isKernelThread(pid) ? null : readFacts(pid);
    if (facts === null) return null;
    try {
      const identity = identityOf(facts);
      if (identity === null) return null;
      const remembered = before.get(`${pid} ${identity}`);
      if (remembered === undefined && hasty && this.#takesLong(pid)) {
        return targetOf(facts, executablePath(pid) ?? facts.command, UNREAD);
      }
      const known = remembered ?? this.#read(pid);
      if (known === null) return null;
      this.#known.set(`${pid} ${identity}`, known);
      return targetOf(facts, known.executable, known.program);
    } catch (error) {
      if (!(error instanceof CoralError)) throw error;
      return targetOf(facts, facts.command, unreadable(error));
    }
  }

  #isKernelThread(pid: number): boolean {
    if (this.#kernelThreads.has(pid)) return true;
    const isOne = isKernelThread(pid);
    if (isOne) this.#kernelThreads.add(pid);
    return isOne;
  }

  #read(pid: number): { executable: string; program: Program } | null {
    const executable = executablePath(pid);
    return executable === null ? null : { executable, program: this.#program(`/proc/${pid}/exe`) };
  }

  #program(path: string): Program {
    const key = fileKey(path) ?? '';
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    const program = this.#describe(path);
    const [oldest] = this.#programs.keys();
    if (this.#programs.size >= MAX_PROGRAMS && oldest !== undefined) this.#programs.delete(oldest);
    if (key !== '' && program.reason === '') this.#programs.set(key, program);
    return program;
  }

  #takesLong(pid: number): boolean {
    return isLarge(pid) && !this.#programs.has(fileKey(`/proc/${pid}/exe`) ?? '');
  }

  #describe(path: string): Program {
    try {
      const { language, symbols, buildId, go, functions } = this.#cache.glance(path);
      const known = { language, symbols, buildId, languageVersion: go?.version ?? '', functionCount: functions.count };
      return { ...known, ...(functions.count === 0 ? NAMELESS : PROBEABLE) };
    } catch (error) {
      if (!(error instanceof CoralError)) throw error;
      return unreadable(error);
    }
  }
}

/** A number that a thread of the kernel gave back is a process's after so many seconds at the latest. */
const SCANS_TRUSTED = 10;

/** Files remembered; half a kilobyte each. */
const MAX_PROGRAMS = 1024;

/** Reading a program of this size takes some hundred milliseconds (node's 100 MB: 470). */
const LARGE_BYTES = 32 * 1024 * 1024;

const isLarge = (pid: number): boolean => (statSync(`/proc/${pid}/exe`, { throwIfNoEntry: false })?.size ?? 0) > LARGE_BYTES;

/** Nothing is known against it. */
const PROBEABLE = { reason: '', reasonCode: '' } as const;

const NAMELESS = {
  reason: 'the file names no functions: it is stripped, and no debug file fits it (those of its libraries go by library:name)',
  reasonCode: 'NOT_PROBEABLE',
} as const;

const UNREAD: Program = {
  language: 'unknown',
  languageVersion: '',
  symbols: 'none',
  buildId: '',
  functionCount: 0,
  ...PROBEABLE,
};

const unreadable = ({ message, code }: CoralError): Program => ({ ...UNREAD, reason: message, reasonCode: code });

function targetOf(facts: ProcessFacts, executable: string, program: Program): ProbeTarget {
  const { pid, startTimeTicks, uid, namespacePid, cpuNs } = facts;
  const traced = tracedReason(facts);
  const reason = program.reason || traced;
  return {
    ...program,
    pid,
    startTimeTicks,
    uid,
    namespacePid,
    cpuNs,
    executable,
    service: basename(executable),
    probeable: reason === '',
    reason,
    reasonCode: program.reasonCode || (traced === '' ? '' : 'NOT_PROBEABLE'),
  };
}

/** A debugger's breakpoints and ours would erase each other. Empty: nobody traces it. */
export function tracedReason({ tracerPid }: ProcessFacts): string {
  return tracerPid === 0 ? '' : `it is being traced by process ${tracerPid} (a debugger or strace)`;
}
