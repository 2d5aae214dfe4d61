/**
 * What the probes may cost, decided from what they did cost: pure, one step a look. Over its budget a function first
 * loses its return probes outside of time windows (counts stay exact), then its entry probes too (counts become
 * estimates), and where even the smallest windows cost too much the session ends. Shares are of one CPU.
 */

/**
 * Times of windows. Probes are on some tenths of a millisecond longer than they are to be, so windows are not shorter than
 * their minimum; on a machine without free processors a program may stand still in one though its probes cost little, so
 * they are not longer than their maximum.
 */
export const WINDOW = { minimumNs: 2e6, maximumNs: 100e6, periodNs: 500e6, seenEveryNs: 1.2e9, longestPeriodNs: 5e9 } as const;

/** A budget is met with this much room, since rates move between looks. */
export const AIM = 0.8;
/** A function may be over its budget for so long before it loses anything: what is over in less than a second is counted whole, */
const PATIENCE_NS = 0.8e9;
/** but only while its debt is below so many seconds' worth of the budget: what slows a program most ends first. */
const AHEAD_S = 1.5;
/** A function must stay far below its budget for so long before it gets back what it lost. */
const CALM_NS = 5e9;

export type ProbeMode = 'full' | 'returns_windowed' | 'entries_windowed';

/** So many functions that are within their own budgets have windows of their own where the session is over its; more share theirs. */
const MAX_OWN_WINDOWS = 16;

/** What one function's probes, or those of a crowd, did while they were armed. */
export interface FunctionLoad {
  row: number;
  name: string;
  /** How many functions it stands for. */
  functions: number;
  entryHits: number;
  returnHits: number;
  /** Time in which the entry (return) probes were armed during this tick, ns. */
  entryArmedNs: number;
  returnArmedNs: number;
  entryHitNs: number;
  returnHitNs: number;
  /** What it has cost beyond its budget, and not paid back. */
  debtNs: number;
}

export interface Budget {
  /** Share of one CPU, for a function and for the session; Infinity: unlimited. */
  perFunction: number;
  perSession: number;
}

export interface FunctionMode {
  mode: ProbeMode;
  /** Share of time in which the windowed probes are armed; 1 in mode `full`. */
  duty: number;
  /** What it may cost, as a share of one CPU. */
  allowed: number;
  /** At which its debt is paid while its windows are closed, as a share of one CPU. */
  paying: number;
  calmNs: number;
  /** Time without a break over the budget in mode `full`. */
  overNs: number;
}

export type BudgetCode = 'BUDGET_RETURNS_WINDOWED' | 'BUDGET_ENTRIES_WINDOWED' | 'BUDGET_RESTORED' | 'BUDGET_EXHAUSTED';

/** A step that is announced on stream and screen. */
export interface Step {
  /** The function; empty: a crowd. */
  function: string;
  code: BudgetCode;
  message: string;
}

export interface Decision {
  modes: Map<number, FunctionMode>;
  steps: Step[];
  /** Rows that are to share one window from now on: each costs little, together they cost the session too much. */
  crowd: number[];
  /** Even the smallest windows cost too much: the session ends. */
  end: boolean;
}

/** All its probes, all the time. */
export const fullMode = (allowed: number): FunctionMode => {
  return { mode: 'full', duty: 1, allowed, paying: allowed * AIM, calmNs: 0, overNs: 0 };
};

/** Whether a debt is a reason to act before its patience is over. */
export const isAhead = (debtNs: number, allowed: number): boolean => debtNs > AHEAD_S * 1e9 * allowed;

/** The next modes of the functions that were measured in the last `elapsedNs`; others keep theirs. `debtNs`: what the session has cost beyond its budget. */
export function govern(
  before: ReadonlyMap<number, FunctionMode>,
  loads: readonly FunctionLoad[],
  budget: Budget,
  elapsedNs: number,
  debtNs: number,
): Decision {
  const measured = loads.map((load) => measure(load, before, budget));
  const isLittle = ({ load, was, demand }: Measured): boolean =>
    !isCrowd(load) && was.mode === 'full' && demand.entry + demand.return <= budget.perFunction;
  const little = measured.filter(isLittle);
  const level = levelOf(measured.map(wantedOf), budget.perSession);
  const isCrowded = little.filter(({ wanted }) => wanted > level).length > MAX_OWN_WINDOWS && !loads.some(isCrowd);
  const isOver = isCrowded && isAhead(debtNs, budget.perSession);
  const crowd = isOver ? little.map(({ load }) => load.row) : [];
  const decision: Decision = { modes: new Map(before), steps: [], crowd, end: false };
  const alone = isCrowded ? measured.filter((each) => !isLittle(each)) : measured;
  const share = isCrowded ? levelOf([...alone.map(wantedOf), sum(little.map(wantedOf))], budget.perSession) : level;
  for (const each of alone) take(decision, each, Math.min(each.cap, share), elapsedNs);
  return decision;
}

const isCrowd = ({ functions }: FunctionLoad): boolean => functions > 1;
const wantedOf = ({ wanted }: Measured): number => wanted;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

interface Measured {
  load: FunctionLoad;
  demand: Demand;
  was: FunctionMode;
  /** What it may cost at most, as a share of one CPU: a function its own budget, a crowd all of the session's. */
  cap: number;
  /** What it would cost, but at most that. */
  wanted: number;
}

function measure(load: FunctionLoad, before: ReadonlyMap<number, FunctionMode>, budget: Budget): Measured {
  const cap = isCrowd(load) ? budget.perSession : budget.perFunction;
  const demand = demandOf(load);
  return { load, demand, cap, was: before.get(load.row) ?? fullMode(cap), wanted: Math.min(demand.entry + demand.return, cap) };
}

/** What each may cost where all together want more than the session has: who wants less keeps it, the others get as much as each other. */
function levelOf(wanted: readonly number[], perSession: number): number {
  if (sum(wanted) <= perSession) return Number.POSITIVE_INFINITY;
  let left = perSession;
  let others = wanted.length;
  for (const each of wanted.toSorted((a, b) => a - b)) {
    if (each > left / others) break;
    left -= each;
    others--;
  }
  return left / others;
}

/** Adds the next mode of one function to the decision. */
function take(decision: Decision, { load, demand, was }: Measured, allowed: number, elapsedNs: number): void {
  const next = nextMode(was, demand, { allowed, debtNs: load.debtNs, elapsedNs });
  if (next === null) decision.end = true;
  decision.modes.set(load.row, next ?? was);
  const step = stepOf(load, was, next, demand, allowed);
  if (step) decision.steps.push(step);
}

/** What the probes would cost if they were armed all the time, as shares of one CPU. */
interface Demand {
  entry: number;
  return: number;
}

function demandOf(load: FunctionLoad): Demand {
  const share = (hits: number, hitNs: number, armedNs: number): number => (armedNs > 0 ? (hits * hitNs) / armedNs : 0);
  return {
    entry: share(load.entryHits, load.entryHitNs, load.entryArmedNs),
    return: share(load.returnHits, load.returnHitNs, load.returnArmedNs),
  };
}

/** What a function may do, has done beyond it, and since when it was looked at. */
interface Look {
  allowed: number;
  debtNs: number;
  elapsedNs: number;
}

/** Null: nothing fits any more. */
function nextMode(was: FunctionMode, demand: Demand, look: Look): FunctionMode | null {
  const { allowed, elapsedNs } = look;
  if (demand.entry + demand.return <= allowed) return relax(was, demand, look);
  const overNs = was.overNs + elapsedNs;
  if (was.mode === 'full' && overNs < PATIENCE_NS && !isAhead(look.debtNs, allowed)) return { ...fullMode(allowed), overNs };
  const smallest = WINDOW.minimumNs / WINDOW.longestPeriodNs;
  const returns = windowed('returns_windowed', demand, allowed);
  if (returns.duty >= smallest && was.mode !== 'entries_windowed') return returns;
  const entries = windowed('entries_windowed', demand, allowed);
  return entries.duty >= smallest ? entries : null;
}

/** A function that has been calm for long enough gets its probes back. */
function relax(was: FunctionMode, demand: Demand, { allowed, elapsedNs }: Look): FunctionMode {
  if (was.mode === 'full') return fullMode(allowed);
  const isCalm = demand.entry + demand.return < allowed * AIM * AIM;
  const calmNs = isCalm ? was.calmNs + elapsedNs : 0;
  return calmNs >= CALM_NS ? fullMode(allowed) : { ...windowed(was.mode, demand, allowed), calmNs };
}

/** In a mode with windows. What goes on outside of them leaves the less for them. */
function windowed(mode: ProbeMode, demand: Demand, allowed: number): FunctionMode {
  const [steady, inWindows] = mode === 'returns_windowed' ? [demand.entry, demand.return] : [0, demand.entry + demand.return];
  const paying = allowed * AIM - steady;
  return { mode, duty: Math.min(1, paying / inWindows), allowed, paying, calmNs: 0, overNs: 0 };
}

function stepOf(load: FunctionLoad, was: FunctionMode, next: FunctionMode | null, demand: Demand, allowed: number): Step | null {
  if (next !== null && next.mode === was.mode) return null;
  const of = isCrowd(load) ? '' : load.name;
  const cost = `probes on ${load.name} cost ${percent(demand.entry + demand.return)} of a CPU, ${percent(allowed)} is allowed`;
  if (next === null) return { function: of, code: 'BUDGET_EXHAUSTED', message: `${cost}: even the smallest windows exceed it` };
  if (next.mode === 'full')
    return {
      function: of,
      code: 'BUDGET_RESTORED',
      message: `${load.name} ${isCrowd(load) ? 'are' : 'is'} probed all the time again`,
    };
  const windows = `${percent(next.duty)} of the time`;
  return next.mode === 'returns_windowed'
    ? {
        function: of,
        code: 'BUDGET_RETURNS_WINDOWED',
        message: `${cost}: returns are probed ${windows}, percentiles are estimates`,
      }
    : { function: of, code: 'BUDGET_ENTRIES_WINDOWED', message: `${cost}: calls are probed ${windows}, counts are estimates` };
}

/** How long a window is open. */
export const openNs = ({ duty }: FunctionMode): number =>
  Math.min(Math.max(WINDOW.periodNs * duty, WINDOW.minimumNs), WINDOW.maximumNs);

/**
 * How long it stays closed then: until what it has cost (`ownNs`) is paid, which may be much more than it was to, since probes
 * come off later than they are told; and until an old debt is, unless that would hide the function for long. Longer or shorter by
 * chance, so that windows fall at no beat of the program's; `chance` is between 0 and 1.
 */
export function closedNs({ paying }: FunctionMode, debtNs: number, ownNs: number, chance: number): number {
  const payingNs = (ns: number): number => (paying > 0 ? ns / paying : WINDOW.longestPeriodNs);
  const forDebtNs = Math.min(payingNs(debtNs), WINDOW.seenEveryNs);
  return Math.max(payingNs(ownNs), forDebtNs, WINDOW.periodNs / 2) * (0.5 + chance);
}

/** A share of a CPU in words: two digits, or all before the point, since a loop on several threads costs more than a CPU. */
export const percent = (share: number): string => `${share >= 0.1 ? Math.round(share * 100) : (share * 100).toPrecision(2)} %`;
