/** Functions with their sites: what is or would be armed. Pure. */

import type { FunctionPlan, Refusal, Site } from '../../proto/gen/coral/live/v1/live.js';
import { nextStep } from '../../proto/refusals.js';
import { formatTable, printable, printableLines } from './table.js';

/** A function as `coral functions` and streams show it. `proof`: each site with bytes, depth and how it was reached. */
export function planRow(plan: FunctionPlan, { proof = false } = {}) {
  return { ...rowWithoutSites(plan), sites: plan.sites.map((site) => (proof ? provenSite(site) : siteRow(site))) };
}

/** As lists have it. What is undefined is not written: lists have 70,000 rows, and to spread each field takes as long as to send them. */
export function rowWithoutSites(plan: FunctionPlan) {
  return {
    name: plan.name,
    offset: plan.offset,
    file: plan.file || undefined,
    line: plan.file === '' ? undefined : plan.line,
    size: plan.size,
    language: plan.language,
    probeable: plan.probeable,
    code: plan.code || undefined,
    reason: plan.reason || null,
    hint: nextStep(plan.code) || undefined,
    entry_cost: plan.entryCost || undefined,
    how: plan.how || undefined,
    counted_because: plan.countedBecause || undefined,
    return_sites: plan.returnSites,
    inlined_copies: plan.inlinedCopies,
    image: plan.image || undefined,
  };
}

function siteRow(site: Site) {
  return { role: site.role, offset: site.offset, instruction: site.instruction, cost: site.cost };
}

function provenSite(site: Site) {
  return { ...siteRow(site), bytes: site.bytes, stack_depth: site.stackDepth, proof: site.proof };
}

function hintOf(code: string): { hint?: string } {
  const hint = nextStep(code);
  return hint === '' ? {} : { hint };
}

/** A refusal as documents show it. */
export function refusalRow(refusal: Refusal) {
  return {
    function: refusal.function,
    code: refusal.code,
    reason: refusal.reason,
    ...hintOf(refusal.code),
    ...(refusal.pid === 0 ? {} : { pid: refusal.pid }),
  };
}

/** Every function with its sites below it, and the proof of each if wanted. */
export function plansTable(plans: readonly FunctionPlan[], { proof = false } = {}): string {
  return printableLines(plans.map((plan) => planText(plan, proof)).join('\n'));
}

function planText(plan: FunctionPlan, proof: boolean): string {
  const place = plan.file === '' ? '' : `  ${plan.file}:${plan.line}`;
  const inlined = plan.inlinedCopies > 0 ? `, inlined ${plan.inlinedCopies} times elsewhere` : '';
  const state = plan.probeable
    ? `${plan.how || 'probeable'}, ${plan.size} bytes${inlined}${plan.countedBecause === '' ? '' : `\n  not timed: ${plan.countedBecause}`}`
    : `refused: ${plan.code} ${plan.reason}\n  next: ${nextStep(plan.code)}`;
  return `${plan.name}${place}\n  ${state}\n${plan.sites.length > 0 ? sitesText(plan.sites, proof) : ''}`;
}

function sitesText(sites: readonly Site[], proof: boolean): string {
  const columns = [
    { title: 'SITE' },
    { title: 'OFFSET', align: 'right' },
    { title: 'COST' },
    { title: 'BYTES' },
    { title: 'INSTRUCTION' },
  ] as const;
  const rows = sites.map((site) => [site.role, `0x${site.offset.toString(16)}`, site.cost, site.bytes, site.instruction]);
  const [title = '', ...lines] = formatTable(columns, rows).trimEnd().split('\n');
  const proofs = (at: number): string[] => (proof ? (sites[at]?.proof ?? []).map((sentence) => `      - ${sentence}`) : []);
  return `${[`    ${title}`, ...lines.flatMap((line, at) => [`    ${line}`, ...proofs(at)])].join('\n')}\n`;
}

/** Refusals, one line each, and what to do about each code below its first. */
export function refusalsText(refused: readonly Pick<Refusal, 'function' | 'code' | 'reason'>[]): string {
  const told = new Set<string>();
  return refused.map((refusal) => refusalText(refusal, told)).join('');
}

function refusalText({ function: name, code, reason }: Pick<Refusal, 'function' | 'code' | 'reason'>, told: Set<string>): string {
  const line = `${printable(`refused: ${name}: ${code}: ${reason}`)}\n`;
  const next = told.has(code) ? '' : nextStep(code);
  told.add(code);
  return next === '' ? line : `${line}         ${next}\n`;
}
