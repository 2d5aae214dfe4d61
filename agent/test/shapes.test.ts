/** Sites chosen for every shape of function, probed in running programs that count their own calls. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { ArmedSite, KernelSession } from '../kernel/kernel.js';
import { openKernel } from '../kernel/open-kernel.js';
import { startTarget, type Target } from '../kernel/test/targets.js';
import { loadBias, mappedFiles } from '../procfs/mapped-files.js';
import { executableRanges, verifyText } from '../procfs/verify-text.js';
import { requireFunctions } from '../select/select-functions.js';
import { decideSites } from '../sites/decide-sites.js';
import type { Image } from '../symbols/image.js';
import { openImage } from '../symbols/open-image.js';

const SOURCES = fileURLToPath(new URL('../../../agent/test/shapes/', import.meta.url));
const BUILT = join(tmpdir(), 'coral-shapes');

function build(name: string, source: string, ...compiler: string[]): string {
  mkdirSync(BUILT, { recursive: true });
  const [command, ...flags] = compiler;
  execFileSync(command!, [...flags, '-o', join(BUILT, name), join(SOURCES, source)]);
  return join(BUILT, name);
}

/** Of all sites, the highest: it stands beside a site's flags. */
const GENERATION = 15;

interface Slot {
  name: string;
  timed: boolean;
}

interface Armed {
  session: KernelSession;
  link: number;
  slots: Slot[];
}

/** Arms every body of the functions; one slot a name. */
function arm(
  target: Target,
  image: Image,
  functions: readonly { name: string; rows: readonly number[] }[],
  countOnly: boolean,
): Armed {
  const slots: Slot[] = [];
  const sites: ArmedSite[] = [];
  for (const { name, rows } of functions) {
    const slot = slots.push({ name, timed: false }) - 1;
    for (const row of rows) {
      const plan = decideSites(image, row, { countOnly });
      if (!plan.ok) continue;
      slots[slot] = { name, timed: plan.untimedReason === '' };
      for (const { offset, role, jbe, condition, endless = false } of plan.sites)
        sites.push({
          slot,
          site: sites.length,
          offset,
          role,
          owner: plan.owner,
          jbe,
          condition,
          endless,
          generation: GENERATION,
        });
    }
  }
  const session = openKernel().open({
    slots: slots.length,
    sites: sites.length,
    stacks: 4096,
    nodes: 8192,
    ringBytes: 1 << 20,
    maxSlow: 1,
  });
  const goidOffset = image.go?.goidOffset ?? 0;
  for (const slot of slots.keys()) session.setKnobs(slot, { goidOffset, sampleRate: 0, slowerThanNs: 0, generation: GENERATION });
  const { link, refused } = session.arm(target.pid, target.path, countOnly ? 'count' : 'timed', sites);
  if (refused.length > 0) throw new Error(`the kernel refused ${JSON.stringify(refused)}`);
  return { session, link, slots };
}

const countsOf = ({
  session,
  slots,
}: Armed): { name: string; timed: boolean; calls: number; ended: number; midCall: number }[] => {
  const { calls, returns, unwound, untracked, joinedMidCall } = session.readSlots();
  return slots.map(({ name, timed }, i) => ({
    name,
    timed,
    calls: Number(calls[i]),
    ended: Number(returns[i]! + unwound[i]! + untracked[i]!),
    midCall: Number(joinedMidCall[i]),
  }));
};

async function timesExactly(t: ExecutionContext, path: string): Promise<void> {
  const target = await startTarget(path);
  const image = openImage(path);
  const names = Object.keys(await target.exercise('round'));
  const functions = names.map((name) => ({ name, rows: requireFunctions(image, [name]) }));
  const armed = arm(target, image, functions, false);
  const truth = await target.exercise('round');
  armed.session.disarm(armed.link);
  const expected = names.map((name) => ({ name, timed: true, calls: truth[name], ended: truth[name], midCall: 0 }));
  t.deepEqual(countsOf(armed), expected as never);
  armed.session.close();
  await target.stop();
}

for (const level of ['-O0', '-O1', '-O2', '-O3']) {
  test.serial(
    `C++ ${level}: tail calls, switches, exceptions, moved parts, clones and recursion are counted and ended exactly`,
    (t) => timesExactly(t, build(`cpp${level}`, 'shapes.cc', 'g++', level)),
  );
}

test.serial('C: a call ends at a conditional jump to another function where the jump is taken, and nowhere else', (t) =>
  timesExactly(t, build('conditional-tails', 'conditional-tails.c', 'gcc', '-O1')),
);

const GO_BUILDS: Record<string, string[]> = { plain: [], 'stripped, position independent': ['-buildmode=pie', '-ldflags=-s -w'] };
for (const [kind, flags] of Object.entries(GO_BUILDS)) {
  test.serial(
    `Go (${kind}): wrappers, generics, panics, functions that only panic, closures, large frames and stack growth are counted and ended exactly`,
    (t) => timesExactly(t, build(`go-${flags.length}`, 'shapes.go', 'go', 'build', ...flags)),
  );
}

test.serial(
  'with every function of a Go program probed, the runtime too, it counts the same and its text is restored',
  async (t) => {
    const path = build('go-0', 'shapes.go', 'go', 'build');
    const target = await startTarget(path);
    const image = openImage(path);
    const { functions } = image;
    const rows = Array.from({ length: functions.count }, (_, row) => row).filter((row) => decideSites(image, row).ok);
    const armed = arm(
      target,
      image,
      rows.map((row) => ({ name: functions.name(row), rows: [row] })),
      true,
    );
    const truth = await target.exercise('round');
    armed.session.disarm(armed.link);
    const calls = new Map<string, number>();
    for (const { name, calls: count } of countsOf(armed)) calls.set(name, (calls.get(name) ?? 0) + count);
    for (const [name, expected] of Object.entries(truth)) t.is(calls.get(name) ?? calls.get(`${name}[...]`), expected, name);
    t.true(rows.length > functions.count * 0.99);

    const [program] = mappedFiles(target.pid);
    const bias = loadBias(program!, image)!;
    const kernel = openKernel();
    const read = (pid: number, address: bigint, length: number): Buffer | null => kernel.readMemory(pid, address, length);
    const text = verifyText({ pid: target.pid, bias, image }, executableRanges(image), read);
    t.true(text.ok, text.detail);
    armed.session.close();
    t.deepEqual(Object.keys(await target.exercise('round')), Object.keys(truth), 'it still answers');
    await target.stop();
  },
);
