/** What the agent itself takes of a processor while a program makes a million probed calls a second. */

import { openKernel } from '../agent/kernel/open-kernel.js';
import { openStage } from '../test/story/stage.js';
import { goBuild } from '../test/targets/builds.js';
import type { Measurement } from './report.js';

/** Some ten seconds, in which the code of a tick is compiled. */
const WARMING_CALLS = 12_000_000;
/** Some thirty: V8 tidies the heap three times when the start is over, which takes 0.13 s and would be 1.4 % of ten seconds. */
const CALLS = 36_000_000;

/** A counted function at the rate that one processor makes, watched by a command that prints a line a second. */
export async function* measureAgent(): AsyncIterable<Measurement> {
  const stage = await openStage();
  try {
    const target = await stage.target(goBuild());
    const session = ['--function', 'main.Framed', '--count-only', '--budget', 'unlimited'];
    const attachment = await stage.attach(`pid:${target.pid}`, ...session);
    const agent = await stage.daemon('agent');
    if (agent === null) throw new Error('the private agent is gone');
    await target.tell(`time ${WARMING_CALLS}`);
    const cpuNs = () => openKernel().processCpuNs(agent) ?? Number.NaN;
    const before = cpuNs();
    const tookNs = Number((await target.tell(`time ${CALLS}`)).ns);
    const usedNs = cpuNs() - before;
    const snapshot = await attachment.end();
    const counted = snapshot.functions.reduce((sum, { calls }) => sum + calls, 0);
    if (counted !== CALLS + WARMING_CALLS) throw new Error(`${counted} calls were counted, not ${CALLS + WARMING_CALLS}`);
    yield { what: 'probed calls a second meanwhile', value: CALLS / (tookNs / 1e9), unit: 'calls/s' };
    yield { what: 'the agent, of one processor', value: (usedNs / tookNs) * 100, unit: '%', goal: { atMost: 2 } };
  } finally {
    await stage.close();
  }
}
