/** Functions with their sites: what is or would be armed. Pure. */

import type { FunctionPlan, Refusal, Site } from '../../proto/gen/coral/live/v1/live.js';
import { formatTable, printable, printableLines } from './table.js';

/** A function as `coral functions` and streams show it. `proof`: each site with bytes, depth and how it was reached. */
export function planRow(plan: FunctionPlan, { proof = false } = {}) {
  return {
    name: plan.name,
    offset: plan.offset,
    ...(plan.file === '' ? {} : { file: plan.file, line: plan.line }),
    size: plan.size,
    language: plan.language,
    probeable: plan.probeable,
    ...(plan.code === '' ? {} : { code: plan.code }),
    reason: plan.reason === '' ? null : plan.reason,
    ...(plan.entryCost === '' ? {} : { entry_cost: plan.entryCost }),
    ...(plan.how === '' ? {} : { how: plan.how }),
    ...(plan.countedBecause === '' ? {} : { counted_because: plan.countedBecause }),
    return_sites: plan.returnSites,
    inlined_copies: plan.inlinedCopies,
    ...(plan.image === '' ? {} : { image: plan.image }),
    sites: plan.sites.map((site) => (proof ? provenSite(site) : siteRow(site))),
  };
}

function siteRow(site: Site) {
  return { role: site.role, offset: site.offset, instruction: site.instruction, cost: site.cost };
}

function provenSite(site: Site) {
  return { ...siteRow(site), bytes: site.bytes, stack_depth: site.stackDepth, proof: site.proof };
}

/** A refusal as documents show it. */
export function refusalRow(refusal: Refusal) {
  return {
    function: refusal.function,
    code: refusal.code,
    reason: refusal.reason,
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
    : `refused: ${plan.code} ${plan.reason}`;
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

/** Refusals, one line each. */
export function refusalsText(refused: readonly Pick<Refusal, 'function' | 'code' | 'reason'>[]): string {
  return refused.map(({ function: name, code, reason }) => `${printable(`refused: ${name}: ${code}: ${reason}`)}\n`).join('');
}
