/**
 * The same program twice: a Go program whose stacks grow, with bpftrace's uretprobe on the growing function, and under
 * coral for ten million timed calls. Argument: timed calls, instead of ten million.
 */

import { rowOf } from '../../test/story/lines.js';
import { openStage, type Stage } from '../../test/story/stage.js';
import { changedText } from '../../test/story/text-of.js';
import { goBuild } from '../../test/targets/builds.js';
import { armBpftrace } from '../bpftrace.js';

const FUNCTION = 'main.Grow';
const CALLS = Number(process.argv[2] ?? 10_000_000);
/** Each turn recurses 1 to 64 deep, in a goroutine whose stack starts small. */
const CALLS_A_TURN = 32.5;
const TURNS_A_BATCH = 20_000;
const GOROUTINES = 4;

process.env.GOTRACEBACK = 'none'; // of the program that dies, its last words are enough
const stage = await openStage();
try {
  await underBpftrace(stage);
  await underCoral(stage);
} finally {
  await stage.close();
}

async function underBpftrace(stage: Stage): Promise<void> {
  const target = await stage.target(goBuild());
  const disarm = await armBpftrace(target, `uretprobe:${target.path}:"${FUNCTION}" { @ = count(); }`);
  const started = performance.now();
  const outcome = await Promise.race([
    target.exited.then((status) => `the program died after ${Math.round(performance.now() - started)} ms (${status})`),
    target.run('grow', TURNS_A_BATCH, GOROUTINES).then(
      () => 'the program lived',
      () =>
        target.exited.then((status) => `the program died after ${Math.round(performance.now() - started)} ms (exit ${status})`),
    ),
  ]);
  target.kill();
  await disarm().catch(() => undefined); // its target is gone
  console.log(`bpftrace uretprobe on ${FUNCTION}: ${outcome}`);
}

async function underCoral(stage: Stage): Promise<void> {
  const target = await stage.target(goBuild());
  const attachment = await stage.attach(
    `pid:${target.pid}`,
    '--function',
    FUNCTION,
    '--budget',
    'unlimited',
    '--duration',
    '600s',
  );
  const started = performance.now();
  let truth = { calls: 0, returns: 0 };
  while (truth.calls < CALLS) {
    const turns = Math.min(TURNS_A_BATCH, Math.ceil((CALLS - truth.calls) / CALLS_A_TURN));
    const { functions } = await target.run('grow', turns, GOROUTINES);
    truth = functions[FUNCTION] as typeof truth;
  }
  const tookS = (performance.now() - started) / 1000;
  const snapshot = await attachment.end();
  const { calls, returns, in_flight, latency } = rowOf(snapshot, FUNCTION);
  const differing = changedText(target.pid).length;
  const status = await target.end();
  console.log(`coral on ${FUNCTION}: ${calls} calls counted, ${latency?.count} timed, in ${tookS.toFixed(1)} s`);
  console.log(`  the program's own count: ${truth.calls}; difference ${calls - truth.calls}, in flight ${in_flight}`);
  console.log(`  text bytes that differ afterwards: ${differing}; the program ended with status ${status}`);
  const right =
    calls === truth.calls && returns === truth.returns && latency?.count === returns && differing === 0 && status === 0;
  console.log(right ? 'exact' : 'WRONG');
  process.exitCode = right ? 0 : 1;
}
