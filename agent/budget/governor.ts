/**
 * What the probes may cost, decided from what they did cost: pure, one step a tick. Over its budget a function first
 * loses its return probes outside of time windows (counts stay exact), then its entry probes too (counts become
 * estimates), and where even the smallest windows cost too much the session ends. Shares are of one CPU.
 */

/** Times windows last. Arming and taking off a probe costs some milliseconds itself, so windows are not shorter. */
export const WINDOW = { minimumNs: 20e6, periodNs: 1e9, longestPeriodNs: 5e9 } as const;

/** A budget is met with this much room, since rates move between ticks. */
const AIM = 0.8;
/**
 * Ticks in a row (0.8 s) that a function may be over its budget before it loses anything: what is over in less than a
 * second is counted whole, and no program is slowed for longer.
 */
const PATIENT_TICKS = 4;
/** Ticks that a function must stay far below its budget before it gets back what it lost. */
const CALM_TICKS = 25;

export type ProbeMode = 'full' | 'returns_windowed' | 'entries_windowed';

/** What one function's probes did while they were armed. */
export interface FunctionLoad {
  row: number;
  name: string;
  entryHits: number;
  returnHits: number;
  /** Time in which the entry (return) probes were armed during this tick, ns. */
  entryArmedNs: number;
  returnArmedNs: number;
  entryHitNs: number;
  returnHitNs: number;
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
  calmTicks: number;
  /** Ticks in a row over the budget in mode `full`. */
  overTicks: number;
}

export type BudgetCode = 'BUDGET_RETURNS_WINDOWED' | 'BUDGET_ENTRIES_WINDOWED' | 'BUDGET_RESTORED' | 'BUDGET_EXHAUSTED';

/** A step that is announced on stream and screen. */
export interface Step {
  row: number;
  code: BudgetCode;
  message: string;
}

export interface Decision {
  modes: Map<number, FunctionMode>;
  steps: Step[];
  /** Even the smallest windows cost too much: the session ends. */
  end: boolean;
}

const FULL: FunctionMode = { mode: 'full', duty: 1, calmTicks: 0, overTicks: 0 };

/** The next modes of the functions that were measured in this tick; others keep theirs. */
export function govern(before: ReadonlyMap<number, FunctionMode>, loads: readonly FunctionLoad[], budget: Budget): Decision {
  const measured = loads.map((load) => ({ load, demand: demandOf(load), was: before.get(load.row) ?? FULL }));
  const total = measured.reduce((sum, { demand }) => sum + Math.min(demand.entry + demand.return, budget.perFunction), 0);
  const squeeze = total > budget.perSession ? budget.perSession / total : 1;
  const modes = new Map(before);
  const steps: Step[] = [];
  let end = false;
  for (const { load, demand, was } of measured) {
    const next = nextMode(was, demand, budget.perFunction * squeeze);
    if (next === null) end = true;
    modes.set(load.row, next ?? was);
    const step = stepOf(load, was, next, demand, budget.perFunction * squeeze);
    if (step) steps.push(step);
  }
  return { modes, steps, end };
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

/** Null: nothing fits any more. */
function nextMode(was: FunctionMode, demand: Demand, allowed: number): FunctionMode | null {
  const whole = demand.entry + demand.return;
  if (whole <= allowed) return relax(was, whole < allowed * AIM * AIM);
  if (was.mode === 'full' && was.overTicks + 1 < PATIENT_TICKS) return { ...was, overTicks: was.overTicks + 1 };
  const smallest = WINDOW.minimumNs / WINDOW.longestPeriodNs;
  const returnsDuty = (allowed * AIM - demand.entry) / demand.return;
  if (returnsDuty >= smallest && was.mode !== 'entries_windowed')
    return { mode: 'returns_windowed', duty: Math.min(1, returnsDuty), calmTicks: 0, overTicks: 0 };
  const duty = (allowed * AIM) / whole;
  return duty >= smallest ? { mode: 'entries_windowed', duty: Math.min(1, duty), calmTicks: 0, overTicks: 0 } : null;
}

/** A function that has been calm for long enough gets its probes back. */
function relax(was: FunctionMode, calm: boolean): FunctionMode {
  if (was.mode === 'full') return FULL;
  if (!calm) return { ...was, calmTicks: 0 };
  return was.calmTicks + 1 >= CALM_TICKS ? FULL : { ...was, calmTicks: was.calmTicks + 1 };
}

function stepOf(load: FunctionLoad, was: FunctionMode, next: FunctionMode | null, demand: Demand, allowed: number): Step | null {
  if (next !== null && next.mode === was.mode) return null;
  const cost = `probes on ${load.name} cost ${percent(demand.entry + demand.return)} of a CPU, ${percent(allowed)} is allowed`;
  if (next === null) return { row: load.row, code: 'BUDGET_EXHAUSTED', message: `${cost}: even the smallest windows exceed it` };
  if (next.mode === 'full')
    return { row: load.row, code: 'BUDGET_RESTORED', message: `${load.name} is probed all the time again` };
  const windows = `${percent(next.duty)} of the time`;
  return next.mode === 'returns_windowed'
    ? {
        row: load.row,
        code: 'BUDGET_RETURNS_WINDOWED',
        message: `${cost}: returns are probed ${windows}, percentiles are estimates`,
      }
    : { row: load.row, code: 'BUDGET_ENTRIES_WINDOWED', message: `${cost}: calls are probed ${windows}, counts are estimates` };
}

/** On and off times of a duty share, ns: the shortest period in which the window is not below its minimum. */
export function windowOf(duty: number): { onNs: number; offNs: number } {
  const periodNs = Math.min(WINDOW.longestPeriodNs, Math.max(WINDOW.periodNs, WINDOW.minimumNs / duty));
  const onNs = Math.min(periodNs, Math.max(WINDOW.minimumNs, periodNs * duty));
  return { onNs, offNs: periodNs - onNs };
}

const percent = (share: number): string => `${(share * 100).toPrecision(2)} %`;
