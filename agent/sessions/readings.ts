/** A session's readings as ticks, with the census of open frames that goes before each. */

import type { SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { goFrameRule } from '../symbols/go/go-frames.js';
import { waitKind as waitKindOf } from '../waiting/wait-reasons.js';
import { shownBudget } from './budget/asked-budget.js';
import type { BudgetKeeper } from './budget/budget-keeper.js';
import { type CensusLimits, type CensusSources, FrameCensus, type FrameKey } from './census/frame-census.js';
import type { Lifetime } from './lifetime.js';
import type { LoadedCode, MappedImage } from './ports.js';
import type { Probes } from './probes/probes.js';
import { type ReadingKind, readSession } from './reading.js';
import type { SessionRequest } from './request.js';
import type { SingleCalls } from './single-calls.js';
import { starterNames } from './starter-names.js';
import type { TargetWatch } from './target-watch.js';
import { TickWriter } from './ticks/tick-writer.js';
import type { World } from './world.js';

/** Parts of a session that a reading looks at. */
export interface ReadParts {
  life: Lifetime;
  watch: TargetWatch;
  calls: SingleCalls;
  budget: BudgetKeeper;
}

export class Readings {
  readonly #ticks: TickWriter;
  #suspects: ReadonlySet<FrameKey> = new Set();
  readonly #census = new FrameCensus();

  constructor(
    private readonly request: SessionRequest,
    private readonly probes: Probes,
    private readonly parts: ReadParts,
    private readonly world: World,
  ) {
    this.#ticks = new TickWriter(this.#subject(), probes.session, probes, parts.calls, parts.watch.cpuNs());
  }

  acknowledge(seq: number): void {
    this.#ticks.acknowledge(seq);
  }

  startOver(): void {
    this.#ticks.startOver();
  }

  read(kind: ReadingKind): SessionTick {
    const isCounted = (slot: number) => this.probes.slots[slot]?.program === 'count';
    const { session, slots } = this.probes;
    const { life, watch, calls, budget } = this.parts;
    const reading = readSession(session, life.bootNs(), slots.length, isCounted, this.#suspects, kind);
    const own = { ...calls.losses, unaccounted: Number(reading.unaccounted) };
    budget.estimate(reading.slots, reading.nodes);
    const shown = { percent: shownBudget(this.request.budgetPercent), steps: budget.steps };
    return this.#ticks.write(reading, { own, targetCpuNs: watch.cpuNs(), budget: shown }, kind === 'settled');
  }

  /** Frames that cannot be open any more, for the next reading to confirm. */
  lookForGhosts(limits: CensusLimits): void {
    this.#suspects = this.#census.look(this.probes.session.readFrames(), this.#censusSources(limits), limits);
  }

  /** Of one look: what is asked of a process is asked once, not for each of its goroutines. */
  #censusSources({ walks }: CensusLimits): CensusSources {
    const { kernel, targets } = this.world;
    const goProgram = perProcess((tgid) => this.#goProgram(tgid));
    return {
      readMemory: (pid, address, length) => kernel.readMemory(pid, address, length),
      goRuntime: (tgid) => goProgram(tgid)?.image.go ?? null,
      goCode: perProcess((tgid) => goCode(goProgram(tgid))),
      threadLives: (tgid, thread) => targets.threadLives(tgid, thread),
      stacks: perProcess((tgid) => targets.lookAtStacks(tgid, walks)),
      isCodeOf: (slot, address) => this.probes.isCodeOf(slot, address),
      processLives: perProcess((tgid) => this.parts.watch.lives(tgid) && targets.identity(tgid) !== null),
    };
  }

  #goProgram(tgid: number): MappedImage | undefined {
    return this.probes.slots.find(({ mapped }) => mapped.pid === tgid && mapped.image.go !== null)?.mapped;
  }

  #subject() {
    const { startedBootNs, wallOffsetNs } = this.parts.life;
    const { agentId, lossReasons } = this.world;
    const waitKind = (slot: number, reason: number) =>
      waitKindOf(this.probes.slots[slot]?.mapped.image.go?.version ?? '', reason);
    const calibration = this.world.calibration();
    const nameStarter = starterNames(this.probes.slots);
    return {
      sessionId: this.request.sessionId,
      agentId,
      startedBootNs,
      wallOffsetNs,
      calibration,
      lossReasons,
      waitKind,
      nameStarter,
    };
  }
}

function perProcess<Answer>(ask: (tgid: number) => Answer): (tgid: number) => Answer {
  const known = new Map<number, Answer>();
  return (tgid) => {
    if (!known.has(tgid)) known.set(tgid, ask(tgid));
    return known.get(tgid)!;
  };
}

function goCode(program: MappedImage | undefined): LoadedCode | null {
  if (!program || program.bias === null) return null;
  const { image, bias } = program;
  return { frames: { frameRule: (address) => goFrameRule(image, address), read: image.read }, bias };
}
