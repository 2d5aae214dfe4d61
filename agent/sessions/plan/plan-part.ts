/** From patterns and pids to slots and sites, with the refusals named. Nothing is armed here. */

import { CoralError } from '../../../proto/errors.js';
import type { FunctionPlan, Refusal } from '../../../proto/gen/coral/live/v1/live.js';
import { nextStep } from '../../../proto/refusals.js';
import { type ValueWishes, wantsValues } from '../../captures/value-wishes.js';
import type { LinkProgram, StackOwner } from '../../kernel/kernel.js';
import { endsByJump, isEndless, type PlannedSite } from '../../sites/plan.js';
import type { MappedImage, NamedFunction, ProcessIdentity, ReturnsVerdict, Targets } from '../ports.js';
import type { SessionRequest } from '../request.js';
import { decideFunction, describeFunction, type FunctionDecision, isTimed, refusalOf, sitesToArm } from './function-plan.js';
import type { SlotValues } from './plan-values.js';
import type { RuntimeSites } from './runtime-sites.js';

/** One function in one process. */
export interface PlannedSlot {
  plan: FunctionPlan;
  mapped: MappedImage;
  rows: readonly number[];
  /** In arming order: as in `plan.sites`. */
  sites: { site: PlannedSite; owner: StackOwner }[];
  program: LinkProgram;
}

export interface PartPlan {
  slots: PlannedSlot[];
  /** Of the slots' calls, in their order; empty before they are planned. */
  values: SlotValues[];
  /** Of the processes' languages. */
  runtimes: RuntimeSites[];
  refused: Refusal[];
  /** Sentences for the user: what is missing although nothing was refused. */
  notices: string[];
  /** Of each process, from before its programs were read. */
  identities: Map<number, ProcessIdentity>;
}

/** Sites that are armed already, by other sessions: their bytes differ from the file's for a known reason. */
export type ArmedElsewhere = (mapped: MappedImage) => PlannedSite[];

type Asked = Pick<SessionRequest, 'pids' | 'patterns' | 'countOnly' | 'returns'> & ValueWishes;

/** Throws what `Targets.select` throws when no process has the functions. */
export async function planPart(wishes: Asked, targets: Targets, armedElsewhere: ArmedElsewhere): Promise<PartPlan> {
  const part: PartPlan = { slots: [], values: [], runtimes: [], refused: [], notices: [], identities: new Map() };
  let nothingFound: CoralError | undefined;
  for (const pid of wishes.pids) {
    let identity: ProcessIdentity | null = null;
    try {
      identity = targets.identity(pid);
      if (identity === null) throw hasExited(pid);
      await planProcess({ pid, identity }, wishes, targets, armedElsewhere, part);
    } catch (error) {
      const isGone = identity !== null && targets.identity(pid) !== identity;
      nothingFound ??= refuseProcess(pid, isGone ? hasExited(pid) : error, wishes.patterns, part);
    }
  }
  if (nothingFound && part.slots.length === 0 && part.refused.every((refusal) => refusal.code === nothingFound?.code))
    throw nothingFound;
  return part;
}

/** Throws ALL_REFUSED when nothing is left to arm, SOME_REFUSED when everything had to be. */
export function insistOnSlots(part: PartPlan, requireAll: boolean): void {
  const details = {
    refused: part.refused.map(({ function: name, code, reason, pid }) => ({ function: name, code, reason, pid })),
  };
  const first = part.refused[0];
  const example = first ? `${first.function}: ${first.reason} (${first.code})` : 'no function was found';
  if (part.slots.length === 0) {
    const hint = nextStep(first?.code ?? '') || 'see `coral functions SERVICE --function NAME --explain` for each site';
    throw new CoralError('ALL_REFUSED', `none of the functions can be probed; ${example}`, hint, details);
  }
  if (requireAll && part.refused.length > 0) {
    const hint = 'leave out --require-all to probe the others';
    throw new CoralError('SOME_REFUSED', `${part.refused.length} of the functions cannot be probed; ${example}`, hint, details);
  }
}

async function planProcess(
  { pid, identity }: { pid: number; identity: ProcessIdentity },
  wishes: Asked,
  targets: Targets,
  armedElsewhere: ArmedElsewhere,
  part: PartPlan,
): Promise<void> {
  const selection = await targets.select(pid, wishes.patterns);
  const refused = selection.refused.map((refusal) => ({ ...refusal, pid, agentId: '' }));
  const slots: PlannedSlot[] = [];
  const mayReplace = targets.mayReplaceReturns(pid);
  for (const fn of selection.functions) {
    const decision = decideFunction(fn, (row) => targets.decide(fn.mapped.image, row));
    const refusal = refusalOf(decision) ?? memoryRefusal(decision, targets, armedElsewhere);
    if (refusal) refused.push({ function: fn.name, ...refusal, pid, agentId: '' });
    else slots.push(...planSlots(decision, wishes, mayReplace));
  }
  // It may have ended meanwhile: memory that can be read no more is no difference.
  if (targets.identity(pid) !== identity) throw hasExited(pid);
  part.identities.set(pid, identity);
  part.refused.push(...refused);
  part.slots.push(...slots);
  if (wishes.returns === 'session') warnOfReturns(pid, mayReplace, part);
  if (!wishes.countOnly) tellCounted(pid, part);
}

/** The process that it was is gone. */
export function hasExited(pid: number): CoralError {
  return new CoralError('PROCESS_NOT_FOUND', `process ${pid} has exited, or runs another program now`, 'see `coral services`', {
    pid,
  });
}

/** Whose calls have no durations, and why. */
function tellCounted(pid: number, part: PartPlan): void {
  const [first, ...more] = part.slots.map(({ plan }) => plan).filter((plan) => plan.pid === pid && plan.countedBecause !== '');
  if (!first) return;
  const others = more.length === 0 ? '' : `, nor are those of ${more.length} more functions`;
  part.notices.push(`calls of ${first.name} in process ${pid} are counted and not timed (${first.countedBecause})${others}`);
}

/** Who insists on replaced return addresses gets them, but hears what they may do. */
function warnOfReturns(pid: number, mayReplace: ReturnsVerdict, part: PartPlan): void {
  const unsafe = part.slots.find(
    ({ plan, mapped, rows, program }) => plan.pid === pid && program === 'session' && !mayReplace(mapped.image, rows),
  );
  if (!unsafe) return;
  part.notices.push(
    `--returns session replaces return addresses in process ${pid}, though nothing proves that it never unwinds: an exception or a walk up its stack that meets one, as through ${unsafe.plan.name}, may end it; --returns auto is safe`,
  );
}

function refuseProcess(pid: number, error: unknown, patterns: readonly string[], part: PartPlan): CoralError {
  if (!(error instanceof CoralError)) throw error;
  for (const pattern of patterns)
    part.refused.push({ function: pattern, code: error.code, reason: error.message, pid, agentId: '' });
  return error;
}

function memoryRefusal(
  { fn }: FunctionDecision,
  targets: Targets,
  armedElsewhere: ArmedElsewhere,
): { code: string; reason: string } | null {
  const verdict = targets.compareRows(fn.mapped, fn.rows, armedElsewhere(fn.mapped));
  return verdict.ok ? null : { code: 'MEMORY_DIFFERS', reason: verdict.detail };
}

/**
 * One slot, but one a body where values are asked for: bodies of a generic function take their arguments in different ways. Rows of
 * one name add up again.
 */
function planSlots(decision: FunctionDecision, asked: Asked, mayReplace: ReturnsVerdict): PlannedSlot[] {
  const { bodies, fn } = decision;
  if (bodies.length === 1 || !wantsValues(asked)) return [planSlot(decision, asked, mayReplace)];
  return bodies.map((body, i) =>
    planSlot({ ...decision, bodies: [body], fn: { ...fn, rows: [fn.rows[i]!] } }, asked, mayReplace),
  );
}

function planSlot(decision: FunctionDecision, asked: Asked, mayReplace: ReturnsVerdict): PlannedSlot {
  const { bodies, fn } = decision;
  const program = programFor(decision, asked, mayReplace);
  const sites = bodies.flatMap((body) => sitesToArm(body, program).map((site) => ({ site, owner: body.owner })));
  return { plan: describeFunction(decision, program), mapped: fn.mapped, rows: fn.rows, sites, program };
}

/** By sites a return costs ten times as much, but harms nothing that unwinds, and a tail jump is seen as the end that it is. */
function programFor({ bodies, fn }: FunctionDecision, asked: Asked, mayReplace: ReturnsVerdict): LinkProgram {
  if (asked.countOnly) return 'count';
  if (asked.returns === 'session' && fn.mapped.image.go !== null) throw returnsOfGo(fn);
  if (!isTimed(bodies)) return 'count';
  const bySession = asked.returns === 'session' || (asked.returns === 'auto' && isCheapReturn(fn, mayReplace));
  return bySession && !bodies.some((body) => endsByJump(body) || isEndless(body)) ? 'session' : 'timed';
}

const isCheapReturn = ({ mapped: { image }, rows }: NamedFunction, mayReplace: ReturnsVerdict): boolean =>
  image.go === null && mayReplace(image, rows);

function returnsOfGo({ name, mapped: { pid } }: NamedFunction): CoralError {
  const message = `${name} is a Go function: replacing its return address would crash process ${pid}`;
  return new CoralError('UNSUPPORTED', message, 'use --returns sites', { function: name, pid });
}
