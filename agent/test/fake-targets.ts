/** Processes that all run one program of three functions: `main.work` and `main.idle` return, `main.loop` never does. */

import { CoralError } from '../../proto/errors.js';
import type { FunctionTypes } from '../dwarf/types.js';
import type { Bodies, MappedImage, ProcessStacks, Selection, Targets, ThreadTimes } from '../sessions/ports.js';
import type { PlannedSite, SiteDecision } from '../sites/plan.js';
import type { Image } from '../symbols/image.js';

const NAMES = ['main.work', 'main.idle', 'main.loop', 'main.odd', 'runtime.gopark', 'runtime.execute'];

/** Only what sessions read of an image. */
const functions = {
  count: NAMES.length,
  name: (row: number) => NAMES[row] ?? '',
  address: (row: number) => 0x1000 + row * 0x100,
  size: () => 0x80,
  file: () => 'main.go',
  line: (row: number) => 10 + row,
  find: (name: string) => NAMES.flatMap((each, row) => (each === name ? [row] : [])),
};

export const fakeImage = {
  path: '/fake',
  buildId: 'fake-build',
  language: 'go',
  symbols: 'pclntab',
  segments: [],
  pie: false,
  functions,
  go: {
    version: 'go1.26.0',
    goidOffset: 152,
    statusOffset: 144,
    schedSpOffset: 56,
    recoveredAt: [],
    stackDepth: () => 0,
    isAssembly: () => false,
    isForeign: () => false,
  },
  inlined: { of: () => 0, withoutBody: () => new Map() },
  text: () => new Uint8Array(0x80),
  fileOffset: (address: number) => address,
} as unknown as Image;

export class FakeTargets implements Targets {
  readonly identities = new Map<number, string>();
  /** Processes of the one service that there is. */
  replicas: number[] = [];
  readonly forked = new Map<number, number[]>();
  memoryDiffers = false;
  mayReplace = false;
  image = fakeImage;
  /** The instruction by which `main.work` and `main.idle` end. */
  endsIn = 'ret';
  /** Of every function; null: the program has no debug information. */
  typesOf: FunctionTypes | null = null;

  constructor(...pids: number[]) {
    for (const pid of pids) this.identities.set(pid, `started ${pid}`);
  }

  identity(pid: number): string | null {
    return this.identities.get(pid) ?? null;
  }

  mayReplaceReturns() {
    return () => this.mayReplace;
  }

  cpuNs(): number {
    return 1_000_000;
  }

  threadTimes(): ThreadTimes {
    return new Map();
  }

  forks(pid: number): number[] {
    return this.forked.get(pid) ?? [];
  }

  threadLives(): boolean {
    return true;
  }

  lookAtStacks(): ProcessStacks {
    return { isLeft: () => false, isLeftByGoroutine: () => false };
  }

  async select(pid: number, patterns: readonly string[]): Promise<Selection> {
    const mapped: MappedImage = {
      pid,
      image: this.image,
      armPath: `/proc/${pid}/exe`,
      shownPath: '/fake',
      bias: 0,
      mappings: [],
    };
    const found = patterns.flatMap((name) => functions.find(name).map((row) => ({ name, mapped, rows: [row] })));
    if (found.length === 0) throw new CoralError('FUNCTION_NOT_FOUND', `no function ${patterns.join(', ')}`);
    return { functions: found, refused: [] };
  }

  catchers(): Bodies[] {
    return [];
  }

  decide(_image: Image, row: number): SiteDecision {
    if (NAMES[row] === 'main.odd') return { ok: false, code: 'UNDECODABLE', reason: 'a byte cannot be decoded' };
    const timed = NAMES[row] !== 'main.loop';
    const entry = site('entry', row, 'emulated');
    return {
      ok: true,
      owner: 'g_r14',
      untimedReason: timed ? '' : 'where the indirect jump at 0x1004 leads is not known',
      sites: timed ? [entry, { ...site('return', row, 'stepped'), instruction: this.endsIn }] : [entry],
    };
  }

  types(): FunctionTypes {
    if (this.typesOf === null) throw new CoralError('UNSUPPORTED', '/fake has no debug information');
    return this.typesOf;
  }

  compareRows() {
    return this.memoryDiffers ? { ok: false, detail: 'memory at 0x1000 differs from the file' } : { ok: true, detail: 'same' };
  }

  compareText() {
    return { ok: true, detail: '4096 bytes of text equal the file' };
  }
}

function site(role: 'entry' | 'return', row: number, cost: PlannedSite['cost']): PlannedSite {
  const offset = 0x1000 + row * 0x100 + (role === 'entry' ? 6 : 0x70);
  const instruction = role === 'entry' ? 'push rbp' : 'ret';
  return {
    role,
    address: offset,
    offset,
    instruction,
    cost,
    bytes: new Uint8Array([0x55]),
    jbe: false,
    stackDepth: 0,
    proof: [],
  };
}
