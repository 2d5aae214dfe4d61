/**
 * What a probed call costs above an unprobed one: counted and timed, against the floor (an empty BPF program at the
 * same sites) and against bpftrace. Rounds alternate, so that what slows the machine slows all.
 */

import type { ArmedSite, KernelSession, LinkProgram } from '../agent/kernel/kernel.js';
import { openKernel } from '../agent/kernel/open-kernel.js';
import { openImage } from '../agent/symbols/open-image.js';
import { type Build, cBuild, goBuild } from '../test/targets/builds.js';
import { startTarget, type Target } from '../test/targets/target.js';
import { armBpftrace } from './bpftrace.js';
import { optionsFor, planRows } from './plan.js';
import { type Measurement, median } from './report.js';

const ROUNDS = 7;
/** About 0.1 s a round: emulated sites take some 0.6 us here, returns by trampoline as much, stepped sites some 10 us. */
const CHEAP_CALLS = 150_000;
const DEAR_CALLS = 10_000;

/** A way of probing: arms, and gives the way to take the probes off. */
type Arm = () => (() => void) | Promise<() => Promise<void>>;

/** Counted and timed Go calls, timed C calls. */
export async function* measureCalls(): AsyncIterable<Measurement> {
  yield* measureGo();
  yield* measureC();
}

async function* measureGo(): AsyncIterable<Measurement> {
  const { target, session, entry, all, firstInstruction } = await prepare(goBuild(), 'main.Framed');
  try {
    const armed = (program: LinkProgram, sites: ArmedSite[]): Arm => armWith(session, target, program, sites);
    const cheap = await costs(target, CHEAP_CALLS, {
      floor: armed('idle', entry),
      counted: armed('count', entry),
      bpftrace: () => armBpftrace(target, `uprobe:${target.path}:"main.Framed" { @ = count(); }`),
    });
    const usual = all.map((site) => (site.role === 'entry' ? { ...site, offset: firstInstruction, jbe: false } : site));
    const dear = await costs(target, DEAR_CALLS, {
      floor: armed('idle', all),
      timed: armed('timed', all),
      usual: armed('timed', usual),
    });

    yield { what: 'Go, entry site, empty program (floor)', value: cheap.floor, unit: 'ns/call' };
    yield { what: 'Go, counted', value: cheap.counted, unit: 'ns/call' };
    yield { what: 'Go, counted / floor', value: cheap.counted / cheap.floor, unit: 'x', goal: { atMost: 1.1 } };
    yield { what: 'Go, counted / bpftrace count at the function’s start', value: cheap.counted / cheap.bpftrace, unit: 'x' };
    yield { what: 'Go, entry and return sites, empty program (floor)', value: dear.floor, unit: 'ns/call' };
    yield { what: 'Go, timed', value: dear.timed, unit: 'ns/call' };
    yield { what: 'Go, timed / floor', value: dear.timed / dear.floor, unit: 'x', goal: { atMost: 1.1 } };
    const pair = 'Go, timed / timed at the function’s start and its RETs';
    yield { what: pair, value: dear.timed / dear.usual, unit: 'x', goal: { atMost: 0.58 } };
  } finally {
    session.close();
    target.kill();
  }
}

async function* measureC(): AsyncIterable<Measurement> {
  const { target, session, entry, all } = await prepare(cBuild(), 'framed');
  try {
    const { bpftrace, floor, bySession } = await costs(target, CHEAP_CALLS, {
      bpftrace: () => armBpftrace(target, uretprobeScript(target.path)),
      floor: armWith(session, target, 'clocked', entry),
      bySession: armWith(session, target, 'session', entry),
    });
    const { returnSites } = await costs(target, DEAR_CALLS, { returnSites: armWith(session, target, 'timed', all) });
    yield { what: 'C, bpftrace uprobe + uretprobe + hist', value: bpftrace, unit: 'ns/call' };
    yield { what: 'C, timed at return sites', value: returnSites, unit: 'ns/call' };
    yield { what: 'C, uprobe.session with the clock read twice (floor)', value: floor, unit: 'ns/call' };
    yield { what: 'C, timed by uprobe.session', value: bySession, unit: 'ns/call' };
    yield { what: 'C, timed by uprobe.session / floor', value: bySession / floor, unit: 'x', goal: { atMost: 1.1 } };
    yield { what: 'C, floor / bpftrace', value: floor / bpftrace, unit: 'x' };
    yield { what: 'C, timed by uprobe.session / bpftrace', value: bySession / bpftrace, unit: 'x', goal: { atMost: 0.7 } };
  } finally {
    session.close();
    target.kill();
  }
}

function uretprobeScript(path: string): string {
  return `uprobe:${path}:framed { @s[tid] = nsecs; }
    uretprobe:${path}:framed /@s[tid]/ { @h = hist(nsecs - @s[tid]); delete(@s[tid]); }`;
}

async function prepare(build: Build, name: string) {
  const target = await startTarget(build);
  const image = openImage(target.path);
  const rows = image.functions.find(name);
  const plan = planRows(image, rows);
  if (plan.functions !== 1) throw new Error(`${name} of ${target.path} has ${plan.functions} bodies that can be probed, not 1`);
  const session = openKernel().open(optionsFor(plan));
  session.setKnobs(0, { goidOffset: image.go?.goidOffset ?? 0, sampleRate: 0, slowerThanNs: 0 });
  const firstInstruction = image.fileOffset(image.functions.address(rows[0]!))!;
  return { target, session, all: plan.sites, entry: plan.sites.filter(({ role }) => role === 'entry'), firstInstruction };
}

function armWith(session: KernelSession, { pid, path }: Target, program: LinkProgram, sites: ArmedSite[]): Arm {
  return () => {
    const { link, refused } = session.arm(pid, path, program, sites);
    if (refused.length > 0) throw new Error(`the kernel refused ${refused.length} sites`);
    return () => session.disarm(link);
  };
}

/** Median cost of a call above the unprobed one in the same round, ns, of each way. */
async function costs<Way extends string>(target: Target, calls: number, ways: Record<Way, Arm>): Promise<Record<Way, number>> {
  const rounds = Object.fromEntries(Object.keys(ways).map((way) => [way, [] as number[]])) as Record<Way, number[]>;
  for (let round = 0; round < ROUNDS; round++) {
    const unprobed = await callNs(target, calls);
    for (const way of Object.keys(ways) as Way[]) {
      const disarm = await ways[way]();
      rounds[way].push((await callNs(target, calls)) - unprobed);
      await disarm();
    }
  }
  return Object.fromEntries(Object.entries<number[]>(rounds).map(([way, values]) => [way, median(values)])) as Record<
    Way,
    number
  >;
}

async function callNs(target: Target, calls: number): Promise<number> {
  await target.tell(`time ${Math.ceil(calls / 20)}`);
  return Number((await target.tell(`time ${calls}`)).ns) / calls;
}
