/** A function's plan as the wire shows it, from its rows and the sites decided for them. Pure. */

import type { FunctionPlan, Site } from '../../proto/gen/coral/live/v1/live.js';
import type { LinkProgram } from '../kernel/kernel.js';
import type { PlannedSite, SiteDecision, SitePlan, SiteRefusal } from '../sites/plan.js';
import type { NamedFunction } from './ports.js';

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

/** A body's sites that a program needs, in arming order: only `timed` has probes of its own where the function returns. */
export function sitesToArm(body: SitePlan, program: LinkProgram): PlannedSite[] {
  return program === 'timed' ? body.sites : body.sites.filter((site) => site.role !== 'return');
}

function identify({ mapped, rows, name }: NamedFunction) {
  const { functions, go } = mapped.image;
  const row = rows[0] ?? 0;
  return {
    name,
    offset: mapped.image.fileOffset(functions.address(row)) ?? 0,
    file: functions.file(row),
    line: functions.line(row),
    size: functions.size(row),
    language: mapped.image.language,
    inlinedCopies: rows.reduce((sum, each) => sum + (go?.inlinedCopies(each) ?? 0), 0),
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
    entryCost: entries.length === 0 ? '' : entries.some((site) => site.cost === 'stepped') ? 'stepped' : 'emulated',
    returnSites: sites.filter((site) => site.role !== 'entry').length,
    how: entries.length === 0 ? '' : program === 'count' ? 'counted' : 'timed',
  };
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
