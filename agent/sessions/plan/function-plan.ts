/** A function's plan as the wire shows it, from its rows and the sites decided for them. Pure. */

import type { FunctionPlan, Site } from '../../../proto/gen/coral/live/v1/live.js';
import type { LinkProgram } from '../../kernel/kernel.js';
import type { SiteSummary } from '../../sites/decide-sites.js';
import type { ProbeCost } from '../../sites/kernel-opcodes.js';
import type { PlannedSite, SiteDecision, SitePlan, SiteRefusal } from '../../sites/plan.js';
import type { NamedFunction } from '../ports.js';

/** All bodies of a name: armed when at least one body can be. */
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

/** Whether calls can be timed: every body has a place where it returns. */
export function isTimed(bodies: readonly SitePlan[]): boolean {
  return bodies.every((body) => body.timed);
}

/** The wire's form of what `program` would arm. */
export function describeFunction(decision: FunctionDecision, program: LinkProgram): FunctionPlan {
  const sites = decision.bodies.flatMap((body) => sitesToArm(body, program));
  return { ...identify(decision.fn), ...verdict(decision), ...summary(sites, program), sites: sites.map(describeSite) };
}

/** The same for a list, from summaries of its bodies: no sites. A literal, because lists have 50,000 of them. */
export function describeSummary(fn: NamedFunction, summaryOf: (row: number) => SiteSummary | SiteRefusal): FunctionPlan {
  const found = fn.rows.map(summaryOf);
  const bodies = found.filter((summary) => summary.ok);
  const refusal = bodies.length === 0 ? found.find((summary) => !summary.ok) : undefined;
  const timed = bodies.every((body) => body.timed);
  const place = identify(fn);
  return {
    name: fn.name,
    offset: place.offset,
    file: place.file,
    line: place.line,
    size: place.size,
    language: place.language,
    probeable: bodies.length > 0,
    code: refusal?.code ?? '',
    reason: refusal?.reason ?? '',
    entryCost: entryCost(bodies.map((body) => body.entryCost)),
    returnSites: timed ? bodies.reduce((sum, body) => sum + body.returnSites, 0) : 0,
    inlinedCopies: place.inlinedCopies,
    sites: [],
    how: bodies.length === 0 ? '' : timed ? 'timed' : 'counted',
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

function verdict({ bodies, refusals }: FunctionDecision) {
  const refusal = bodies.length === 0 ? refusals[0] : undefined;
  return { probeable: bodies.length > 0, code: refusal?.code ?? '', reason: refusal?.reason ?? '' };
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
