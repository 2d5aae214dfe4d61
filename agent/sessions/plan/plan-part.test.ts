import test from 'ava';
import { NO_WISHES } from '../../captures/value-wishes.js';
import { FakeTargets, fakeImage } from '../../test/fake-targets.js';
import { type NumberedSlot, planLinks } from '../probes/arm-part.js';
import { describeSummary } from './function-plan.js';
import { insistOnSlots, type PlannedSlot, planPart } from './plan-part.js';

/** As the slots of a session, all of two sites but the counted one. */
const numbered = (slots: PlannedSlot[]): NumberedSlot[] => {
  let firstSite = 0;
  return slots.map((slot, number) => {
    firstSite += slots[number - 1]?.sites.length ?? 0;
    return { slot, number, firstSite, generation: 0 };
  });
};

const plan = (targets: FakeTargets, patterns: string[], pids = [7], countOnly = false) =>
  planPart({ pids, patterns, countOnly, returns: 'sites', ...NO_WISHES }, targets, () => []);

test('A function that cannot be probed is refused by name, the others are planned', async (t) => {
  const part = await plan(new FakeTargets(7), ['main.work', 'main.odd']);
  t.deepEqual(
    part.slots.map((slot) => slot.plan.name),
    ['main.work'],
  );
  t.like(part.refused[0], { function: 'main.odd', code: 'UNDECODABLE', pid: 7 });
  t.notThrows(() => insistOnSlots(part, false));
  t.is(
    t.throws(() => insistOnSlots(part, true)).message,
    '1 of the functions cannot be probed; main.odd: a byte cannot be decoded (UNDECODABLE)',
  );
});

test('When nothing is left the error says why', async (t) => {
  const part = await plan(new FakeTargets(7), ['main.odd']);
  const error = t.throws(() => insistOnSlots(part, false));
  t.is(error.message, 'none of the functions can be probed; main.odd: a byte cannot be decoded (UNDECODABLE)');
  t.like(error, { code: 'ALL_REFUSED', exitCode: 4 });
});

test('Text that differs from the file is not probed', async (t) => {
  const targets = new FakeTargets(7);
  targets.memoryDiffers = true;
  const part = await plan(targets, ['main.work']);
  t.like(part.refused[0], { code: 'MEMORY_DIFFERS', reason: 'memory at 0x1000 differs from the file' });
});

test('A process that has exited is refused; when all have, that is the error', async (t) => {
  const part = await plan(new FakeTargets(7), ['main.work'], [6, 7]);
  t.like(part.refused[0], { function: 'main.work', code: 'PROCESS_NOT_FOUND', pid: 6 });
  t.is(part.slots.length, 1);
  await t.throwsAsync(plan(new FakeTargets(), ['main.work'], [6]), { code: 'PROCESS_NOT_FOUND' });
});

test('A process that ends while it is planned has exited: what could not be read of it is no refusal', async (t) => {
  const targets = new FakeTargets(7, 8);
  targets.compareRows = () => {
    const ended = targets.identities.delete(7);
    return ended ? { ok: false, detail: '16 bytes could not be read in the process' } : { ok: true, detail: '' };
  };
  const part = await plan(targets, ['main.work'], [7, 8]);
  t.like(part.refused, [{ function: 'main.work', code: 'PROCESS_NOT_FOUND', pid: 7 }]);
  t.deepEqual([...part.identities.keys()], [8]);
  targets.select = async () => {
    targets.identities.clear();
    throw new Error("ENOENT: no such file or directory, open '/proc/8/maps'");
  };
  await t.throwsAsync(plan(targets, ['main.work'], [8]), { code: 'PROCESS_NOT_FOUND' });
});

test('One link a process and program: timed functions, and those that are only counted', async (t) => {
  const part = await plan(new FakeTargets(7, 8), ['main.work', 'main.loop'], [7, 8]);
  const links = planLinks(numbered(part.slots), 'all');
  t.deepEqual(
    links.map(({ pid, program, sites }) => ({
      pid,
      program,
      sites: sites.map(({ slot, site, role }) => `${slot}/${site} ${role}`),
    })),
    [
      { pid: 7, program: 'timed', sites: ['0/0 entry', '0/1 return'] },
      { pid: 7, program: 'count', sites: ['1/2 entry'] },
      { pid: 8, program: 'timed', sites: ['2/3 entry', '2/4 return'] },
      { pid: 8, program: 'count', sites: ['3/5 entry'] },
    ],
  );
});

test('Entries and returns can be armed apart', async (t) => {
  const part = await plan(new FakeTargets(7), ['main.work', 'main.loop']);
  const roles = (which: 'entries' | 'returns') =>
    planLinks(numbered(part.slots), which).flatMap((link) => link.sites.map(({ site, role }) => `${site} ${role}`));
  t.deepEqual(roles('entries'), ['0 entry', '2 entry']);
  t.deepEqual(roles('returns'), ['1 return']);
});

test('With count_only no return is probed', async (t) => {
  const part = await plan(new FakeTargets(7), ['main.work'], [7], true);
  t.like(part.slots[0]?.plan, { how: 'counted', returnSites: 0, entryCost: 'emulated' });
});

test('Who gets counts alone, though durations were asked for, is told why', async (t) => {
  const { slots, notices } = await plan(new FakeTargets(7), ['main.work', 'main.loop']);
  t.deepEqual(
    slots.map((slot) => slot.plan.countedBecause),
    ['', 'where the indirect jump at 0x1004 leads is not known'],
  );
  t.deepEqual(notices, [
    'calls of main.loop in process 7 are counted and not timed (where the indirect jump at 0x1004 leads is not known)',
  ]);
  t.deepEqual((await plan(new FakeTargets(7), ['main.loop'], [7], true)).notices, []);
});

test('A list says of a function with a refused body what a session would', async (t) => {
  const { functions } = await new FakeTargets(7).select(7, ['main.work']);
  const fn = { ...functions[0]!, rows: [0, 1] };
  const one = { ok: true, entryCost: 'emulated', returnSites: 1, untimedReason: '' } as const;
  const listed = describeSummary(fn, (row) => (row === 0 ? one : { ok: false, code: 'UNDECODABLE', reason: 'a byte' }));
  t.like(listed, { probeable: false, code: 'UNDECODABLE', reason: 'one of its 2 bodies: a byte', how: '', returnSites: 0 });
});

test('Returns by uprobe.session need a process that allows it, and a function that does not end in a jump', async (t) => {
  const targets = new FakeTargets(7);
  const programs = async (returns: 'auto' | 'session' | 'sites') => {
    const part = await planPart(
      { pids: [7], patterns: ['main.work'], countOnly: false, returns, ...NO_WISHES },
      targets,
      () => [],
    );
    return part.slots.map((slot) => slot.program);
  };
  t.deepEqual(await programs('auto'), ['timed']);
  targets.mayReplace = true;
  t.deepEqual(await programs('auto'), ['timed'], 'it is a Go function');
  await t.throwsAsync(programs('session'), { message: /is a Go function/ });
  targets.image = { ...fakeImage, language: 'c', go: null };
  t.deepEqual(await programs('auto'), ['session']);
  t.deepEqual(await programs('sites'), ['timed']);
  targets.endsIn = 'jmp 0x2000';
  t.deepEqual(await programs('session'), ['timed']);
});

test('Who insists on replaced return addresses where something may unwind is told what they may do, once a process', async (t) => {
  const targets = new FakeTargets(7);
  targets.image = { ...fakeImage, go: null };
  const insist = (returns: 'session' | 'auto') =>
    planPart({ pids: [7], patterns: ['main.work', 'main.idle'], countOnly: false, returns, ...NO_WISHES }, targets, () => []);
  const { slots, notices } = await insist('session');
  t.deepEqual([slots.map(({ program }) => program), notices.length], [['session', 'session'], 1]);
  t.regex(notices[0]!, /process 7.*may end it; --returns auto is safe/);
  t.deepEqual((await insist('auto')).notices, []);
  targets.mayReplace = true;
  t.deepEqual((await insist('session')).notices, []);
});
