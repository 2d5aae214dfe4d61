/** What every real program is held to: exact counts, and no harm from probes that come and go under load. */

import type { ExecutionContext } from 'ava';
import { rowOf, type Snapshot } from '../story/lines.js';
import type { Stage } from '../story/stage.js';
import { changedText } from '../story/text-of.js';

const ROUNDS = 3;

/** What the stage needs to know of a session. */
export interface Probed {
  service: string;
  functions: readonly string[];
  /** Many functions: not all of them are called. */
  quiet?: boolean;
}

/** One session over some work. */
export async function watch<Told>(
  stage: Stage,
  { service, functions }: Probed,
  work: () => Promise<Told>,
): Promise<{ snapshot: Snapshot; told: Told }> {
  const names = functions.flatMap((name) => ['--function', name]);
  const attachment = await stage.attach(service, ...names, '--budget', 'unlimited');
  const told = await work();
  return { snapshot: await attachment.end(), told };
}

/** Each function's calls and returns are this many, and nothing was lost. */
export function exactly(t: ExecutionContext, snapshot: Snapshot, counts: Readonly<Record<string, number>>): void {
  for (const [name, calls] of Object.entries(counts)) {
    const { returns, in_flight, unwound, untracked, ...row } = rowOf(snapshot, name);
    t.deepEqual(
      { calls: row.calls, returns, in_flight, unwound, untracked },
      { calls, returns: calls, in_flight: 0, unwound: 0, untracked: 0 },
      name,
    );
  }
  t.deepEqual(snapshot.losses, {});
  t.deepEqual(snapshot.refused, []);
}

/** Sessions come and go while the program works: `work` says whether it answered rightly, and the text is the file's after each. */
export async function staysUnharmed(t: ExecutionContext, stage: Stage, probed: Probed, pid: number, work: () => Promise<void>) {
  let working = true;
  const load = (async () => {
    while (working) await work();
  })();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const { snapshot } = await watch(stage, probed, work);
      for (const row of snapshot.functions) {
        t.is(row.calls, row.returns + row.in_flight + row.unwound + row.untracked, row.name);
        t.true(row.calls > 0 || probed.quiet === true, row.name);
      }
      t.deepEqual(changedText(pid), [], `after round ${round}`);
    }
  } finally {
    working = false;
    await load;
  }
}
