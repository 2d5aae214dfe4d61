/** What a soak does again and again: each round is a session, or several, whose counts must be the target's own. */

import { type FunctionRow, rowOf, type Snapshot } from '../../test/story/lines.js';
import type { Stage } from '../../test/story/stage.js';
import { changedText } from '../../test/story/text-of.js';
import type { FunctionTruth, Target, Truth } from '../../test/targets/target.js';

/** What a round found. */
export interface Outcome {
  /** Calls that probes counted. */
  calls: number;
  /** Attaches, each with its detach. */
  sessions: number;
  /** Sentences; none when all was right. */
  faults: string[];
}

/** Attaches and detaches of a restless round. */
const RESTLESS_SESSIONS = 4;

/** A round of one target. */
export interface Round {
  name: string;
  target: Target;
  work: string;
  /** Turns of the work, and on how many threads or goroutines. */
  turns: number;
  threads: number;
  functions: readonly string[];
  /** Only counted: a hit costs a twentieth. */
  countOnly?: boolean;
  /** Sessions come and go while the work runs. */
  restless?: boolean;
  /** Garbage and collections beside the work (Go). */
  churn?: boolean;
}

/** A busy machine stretches a round. */
const LONGEST = '600s';

const flagsOf = ({ functions, countOnly }: Round): string[] => [
  ...functions.flatMap((name) => ['--function', name]),
  ...(countOnly === true ? ['--count-only'] : []),
  '--budget',
  'unlimited',
  '--duration',
  LONGEST,
];

/** Runs a round. */
export async function runRound(stage: Stage, round: Round): Promise<Outcome> {
  await round.target.tell('reset');
  if (round.churn === true) await round.target.tell('churn on');
  const outcome = await (round.restless === true ? restlessRound : exactRound)(stage, round);
  if (round.churn === true) await round.target.tell('churn off');
  return outcome;
}

/** One session around the work: counts equal, nothing lost, text equal. */
async function exactRound(stage: Stage, round: Round): Promise<Outcome> {
  const { target, work, turns, threads } = round;
  const attachment = await stage.attach(`pid:${target.pid}`, ...flagsOf(round));
  const truth = await target.run(work, turns, threads);
  const snapshot = await attachment.end();
  const faults = [...round.functions.flatMap((name) => differences(round, rowOf(snapshot, name), truth.functions[name]))];
  if (Object.keys(snapshot.losses).length > 0) faults.push(`losses ${JSON.stringify(snapshot.losses)}`);
  return outcome(round, [snapshot], faults);
}

/** Sessions that come and go while the work runs: their sums hold, they count no more than there was, and no harm is done. */
async function restlessRound(stage: Stage, round: Round): Promise<Outcome> {
  const { target, work, turns, threads } = round;
  const snapshots: Snapshot[] = [];
  const load = (async () => {
    for (;;) {
      const truth = await target.run(work, turns, threads);
      if (snapshots.length >= RESTLESS_SESSIONS) return truth;
    }
  })();
  for (let session = 0; session < RESTLESS_SESSIONS; session++) {
    const attachment = await stage.attach(`pid:${target.pid}`, ...flagsOf(round));
    snapshots.push(await attachment.end());
  }
  return outcome(round, snapshots, excess(round, await load, snapshots));
}

function differences({ countOnly }: Round, row: FunctionRow, truth: FunctionTruth | undefined): string[] {
  const keys = countOnly === true ? (['calls'] as const) : (['calls', 'returns', 'unwound'] as const);
  const open = countOnly === true || row.in_flight + row.untracked === 0 ? [] : [`${row.name}: ${row.in_flight} still in flight`];
  return [
    ...keys.filter((key) => row[key] !== truth?.[key]).map((key) => `${row.name}: ${key} ${row[key]}, in truth ${truth?.[key]}`),
    ...open,
  ];
}

function excess({ functions }: Round, truth: Truth, snapshots: readonly Snapshot[]): string[] {
  return functions.flatMap((name) => {
    const rows = snapshots.map((snapshot) => rowOf(snapshot, name));
    const calls = rows.reduce((sum, row) => sum + row.calls, 0);
    const unwound = rows.reduce((sum, row) => sum + row.unwound, 0);
    const uneven = rows.filter((row) => row.calls !== row.returns + row.in_flight + row.unwound + row.untracked);
    return [
      ...(calls > (truth.functions[name]?.calls ?? 0)
        ? [`${name}: ${calls} calls, in truth ${truth.functions[name]?.calls}`]
        : []),
      ...(unwound > (truth.functions[name]?.unwound ?? 0)
        ? [`${name}: ${unwound} calls unwound, in truth ${truth.functions[name]?.unwound}`]
        : []),
      ...uneven.map((row) => `${name}: ${row.calls} calls do not add up`),
    ];
  });
}

function outcome({ name, target }: Round, snapshots: readonly Snapshot[], faults: readonly string[]): Outcome {
  const changed = changedText(target.pid);
  return {
    calls: snapshots.flatMap(({ functions }) => functions).reduce((sum, row) => sum + row.calls, 0),
    sessions: snapshots.length,
    faults: [...faults, ...changed.map((place) => `text: ${place}`)].map((fault) => `${name}: ${fault}`),
  };
}

/** A program that becomes another under a session: the session ends with what it had, and the new one is clean. */
export async function execRound(stage: Stage, target: Target, turns: number): Promise<Outcome> {
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'plain', '--budget', 'unlimited');
  const before = await target.run('plain', turns, 1);
  const reborn = await target.tell('exec');
  const { snapshot } = await attachment.ended();
  const counted = rowOf(snapshot, 'plain').calls;
  const after = await target.run('plain', turns, 1);
  const faults = [
    ...(counted === before.functions.plain?.calls ? [] : [`plain: ${counted} calls, in truth ${before.functions.plain?.calls}`]),
    ...(reborn.pid === target.pid && after.functions.plain?.calls === turns ? [] : ['the program did not begin anew']),
    ...changedText(target.pid).map((place) => `text: ${place}`),
  ];
  await target.tell('exec');
  return { calls: counted, sessions: 1, faults: faults.map((fault) => `exec: ${fault}`) };
}
