/** A function's plan as the wire shows it, from its rows and the sites decided for them. Pure. */

import type { FunctionPlan, Site } from '../../../proto/gen/coral/live/v1/live.js';
import type { LinkProgram } from '../../kernel/kernel.js';
import type { SiteSummary } from '../../sites/decide-sites.js';
import type { ProbeCost } from '../../sites/kernel-opcodes.js';
import type { PlannedSite, SiteDecision, SitePlan, SiteRefusal } from '../../sites/plan.js';
import type { NamedFunction } from '../ports.js';

/** All bodies of a name: armed when each of them can be. */
export interface FunctionDecision {
  fn: NamedFunction;
  bodies: SitePlan[];
  refusals: SiteRefusal[];
}

/** Asks for each body of a function. */
export function decideFunction(fn: NamedFunction, decide: (row: number) => SiteDecision): FunctionDecision {
  const decisions = fn.rows.map(decide);
  return {
    fn,
    bodies: decisions.filter((decision) => decision.ok),
    refusals: decisions.filter((decision) => !decision.ok),
  };
}

/** A function of several bodies is refused when one of them is: its count would be of some calls only. */
export function refusalOf({ refusals, fn }: Pick<Verdicts, 'fn' | 'refusals'>): { code: string; reason: string } | null {
  const refusal = refusals[0];
  if (!refusal) return null;
  const which = refusals.length < fn.rows.length ? `one of its ${fn.rows.length} bodies: ` : '';
  return { code: refusal.code, reason: `${which}${refusal.reason}` };
}

/** What was found for each body of a function, with or without sites. */
interface Verdicts {
  fn: NamedFunction;
  bodies: readonly Pick<SitePlan, 'untimedReason'>[];
  refusals: readonly SiteRefusal[];
}

/** Whether calls can be timed: every body has a place where it returns. */
export function isTimed(bodies: readonly SitePlan[]): boolean {
  return bodies.every((body) => body.untimedReason === '');
}

/** The wire's form of what `program` would arm. */
export function describeFunction(decision: FunctionDecision, program: LinkProgram): FunctionPlan {
  const found = verdict(decision);
  const sites = found.probeable ? decision.bodies.flatMap((body) => sitesToArm(body, program)) : [];
  return {
    ...identify(decision.fn),
    ...found,
    ...summary(sites, program),
    sites: withPicked(decision.fn, sites.map(describeSite)),
  };
}

/** The same for a list, from summaries of its bodies: no sites. A literal, because lists have 50,000 of them. */
export function describeSummary(fn: NamedFunction, summaryOf: (row: number) => SiteSummary | SiteRefusal): FunctionPlan {
  const found = fn.rows.map(summaryOf);
  const refusals = found.filter((summary) => !summary.ok);
  const bodies = refusals.length > 0 ? [] : found.filter((summary) => summary.ok);
  const { probeable, code, reason, countedBecause } = verdict({ fn, bodies, refusals });
  const timed = countedBecause === '';
  const place = identify(fn);
  return {
    name: fn.name,
    offset: place.offset,
    file: place.file,
    line: place.line,
    size: place.size,
    language: place.language,
    probeable,
    code,
    reason,
    entryCost: entryCost(bodies.map((body) => body.entryCost)),
    returnSites: timed ? bodies.reduce((sum, body) => sum + body.returnSites, 0) : 0,
    inlinedCopies: place.inlinedCopies,
    sites: [],
    how: !probeable ? '' : timed ? 'timed' : 'counted',
    countedBecause,
    pid: place.pid,
    image: place.image,
  };
}

/** A body's sites that a program needs, in arming order: only `timed` has probes of its own where the function returns. */
export function sitesToArm(body: SitePlan, program: LinkProgram): PlannedSite[] {
  return program === 'timed' ? body.sites : body.sites.filter((site) => site.role !== 'return');
}

function identify({ mapped, rows, name }: NamedFunction) {
  const { functions, inlined } = mapped.image;
  const row = rows[0] ?? 0;
  return {
    name,
    offset: mapped.image.fileOffset(functions.address(row)) ?? 0,
    file: functions.file(row),
    line: functions.line(row),
    size: functions.size(row),
    language: mapped.image.language,
    inlinedCopies: rows.reduce((sum, each) => sum + inlined.of(each), 0),
    pid: mapped.pid,
    image: mapped.shownPath,
  };
}

function verdict(found: Verdicts) {
  const refusal = refusalOf(found);
  return {
    probeable: refusal === null,
    code: refusal?.code ?? '',
    reason: refusal?.reason ?? '',
    countedBecause: refusal === null ? (found.bodies.find((body) => body.untimedReason !== '')?.untimedReason ?? '') : '',
  };
}

function summary(sites: readonly PlannedSite[], program: LinkProgram) {
  const entries = sites.filter((site) => site.role !== 'return');
  return {
    entryCost: entryCost(entries.map((site) => site.cost)),
    returnSites: sites.filter((site) => site.role !== 'entry').length,
    how: entries.length === 0 ? '' : program === 'count' ? 'counted' : 'timed',
  };
}

/** The dearest of a function's entries; empty: it has none. */
function entryCost(costs: readonly ProbeCost[]): string {
  if (costs.length === 0) return '';
  return costs.includes('stepped') ? 'stepped' : 'emulated';
}

/** What an indirect function stands for is part of its entry's proof. */
function withPicked({ picked = [] }: NamedFunction, [entry, ...others]: Site[]): Site[] {
  if (entry === undefined) return [];
  return [{ ...entry, proof: [...picked, ...entry.proof] }, ...others];
}

function describeSite(site: PlannedSite): Site {
  return {
    role: site.role === 'return' ? 'return' : 'entry',
    offset: site.offset,
    instruction: site.instruction,
    cost: site.cost,
    bytes: Buffer.from(site.bytes).toString('hex'),
    stackDepth: site.stackDepth,
    proof: site.proof,
    hits: 0,
  };
}
