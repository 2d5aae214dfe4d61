/** What would be armed for functions of a process, and why. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExplainFunctionRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import { FunctionPlan } from '../../proto/gen/coral/live/v1/live.js';
import { decideFunction, describeFunction, describeSummary, isTimed } from '../sessions/plan/function-plan.js';
import type { MappedImage, NamedFunction, Selection, Targets } from '../sessions/ports.js';
import type { Image } from '../symbols/image.js';
import { SiteSummaries, type Summarize } from './site-summaries.js';
import { WrittenPlans } from './written-plans.js';

/** Work goes on for this long before other orders and ticks have their turn. */
const SLICE_MS = 10;

export interface ExplainDuties {
  targets: Targets;
  /** The program of a process. */
  executable(pid: number): MappedImage;
  summarize: Summarize;
  /** The body behind an indirect function; other functions as they are. */
  picked(fn: NamedFunction): NamedFunction;
}

/** Plans of chosen functions, and of whole programs without sites. */
export class Explainer {
  readonly #summaries = new WeakMap<Image, SiteSummaries>();

  constructor(private readonly duties: ExplainDuties) {}

  /**
   * The chosen functions with their sites and proofs; all functions, without those, when none is named: an
   * ExplainFunctionResponse, encoded. Throws like `Targets.select`.
   */
  async explain({ serviceName, pid, functions }: ExplainFunctionRequest): Promise<Buffer> {
    const program = this.duties.executable(pid);
    const written = new WrittenPlans(serviceName, program.image.buildId);
    if (functions.length > 0) await this.#chosen(pid, functions, written);
    else await this.#all(program, written);
    return written.encoded();
  }

  async #chosen(pid: number, patterns: readonly string[], written: WrittenPlans): Promise<void> {
    const selection = await this.duties.targets.select(pid, patterns);
    await inSlices(selection.functions, (fn) => written.add(this.#plan(fn)));
    for (const refusal of selection.refused) written.add(describeRefusal(refusal, pid));
  }

  async #all(program: MappedImage, written: WrittenPlans): Promise<void> {
    await inSlices(namedFunctions(program), (named) => {
      const fn = this.duties.picked(named);
      const summaries = this.#summariesOf(fn.mapped.image);
      written.add(describeSummary(fn, (row) => summaries.of(row)));
    });
  }

  #summariesOf(image: Image): SiteSummaries {
    const known = this.#summaries.get(image) ?? new SiteSummaries(image, this.duties.summarize);
    this.#summaries.set(image, known);
    return known;
  }

  #plan(fn: NamedFunction): FunctionPlan {
    const decision = decideFunction(fn, (row) => this.duties.targets.decide(fn.mapped.image, row));
    return describeFunction(decision, isTimed(decision.bodies) ? 'timed' : 'count');
  }
}

function namedFunctions(mapped: MappedImage): NamedFunction[] {
  const groups = new Map<string, number[]>();
  mapped.image.functions.names().forEach((name, row) => {
    const rows = groups.get(name);
    if (rows) rows.push(row);
    else groups.set(name, [row]);
  });
  return [...groups].map(([name, rows]) => ({ name, mapped, rows }));
}

async function inSlices<T>(items: readonly T[], work: (item: T) => void): Promise<void> {
  let until = performance.now() + SLICE_MS;
  for (const item of items) {
    work(item);
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + SLICE_MS;
  }
}

function describeRefusal({ function: name, code, reason }: Selection['refused'][number], pid: number): FunctionPlan {
  return FunctionPlan.fromPartial({ name, code, reason, pid, probeable: false });
}
