/**
 * Arguments and results of C++ and Rust functions, whatever way the compilers pass them: what is shown is what was passed.
 * Optimised builds may show less, and say so.
 */

import test, { type ExecutionContext } from 'ava';
import { startTarget } from '../kernel/test/targets.js';
import { buildWith } from './go-target.js';
import { startPair } from './real-pair.js';

/** Not to be shown as a value, in no build. */
const UNREADABLE = { unreadable: true };

type Truth = Record<string, { arguments: Record<string, unknown>; result: unknown }>;

const CPP: Truth = {
  enums: { arguments: { a: 5, b: 200, after: 1 }, result: -3 },
  bits: { arguments: { b: { a: 5, b: 17, c: -4 }, after: 2 }, result: 2 },
  wide: { arguments: { x: 3.5, after: 3 }, result: 3 },
  pairs: { arguments: { p: { a: 10, b: 20 }, m: { n: 30, d: UNREADABLE }, after: 4 }, result: { a: 11, b: 7 } },
  packed: { arguments: { p: { c: 99, n: 40 }, after: 5 }, result: { c: 99, n: 40 } },
  named: { arguments: { v: { n: 50, name: 'a name' }, after: 6 }, result: { n: 6, name: 'a name' } },
  classes: { arguments: { w: { n: 60 }, d: { n: 61 }, after: 7 }, result: 7 },
  empties: { arguments: { f: UNREADABLE, after: 8 }, result: 8 },
  texts: {
    arguments: { s: 'short', r: 'x'.repeat(40), v: 'view', c: 'plain, and longer than a word', u: 'short', after: 9 },
    result: 'short!',
  },
  vectors: { arguments: { v: UNREADABLE, after: 10 }, result: 10 },
  places: { arguments: { d: { '(base)': UNREADABLE, own: 71 }, t: { n: 72, text: UNREADABLE }, after: 11 }, result: 11 },
  lists: {
    arguments: {
      v: [1, 2],
      r: ['one', 'two'],
      p: [
        { a: 3, b: 4 },
        { a: 5, b: 6 },
      ],
      none: [],
      after: 12,
    },
    result: [12, 1],
  },
  owners: {
    arguments: { u: { a: 7, b: 8 }, f: { a: 9, b: 10 }, s: { a: 11, b: 12 }, none: null, after: 13 },
    result: { a: 7, b: 8 },
  },
  options: { arguments: { o: 14, none: null, t: 'text', nested: null, after: 14 }, result: 14 },
};

const RUST: Truth = {
  pairs: { arguments: { p: { a: 1, b: 2 }, t: { __0: 3, __1: 4 }, after: 5 }, result: { a: 2, b: 3 } },
  three: { arguments: { t: { a: 6, b: 7, c: 8 }, a: [9, 10, 11], after: 12 }, result: 12 },
  large: { arguments: { l: { a: [13, 14, 15] }, p: { a: 16, b: 17 }, after: 18 }, result: { __0: 1, __1: 18 } },
  options: { arguments: { o: { Some: 19 }, s: 'None', r: { Ok: 20 }, after: 21 }, result: 41 },
  mixed: {
    arguments: { t: { __0: 22, __1: UNREADABLE }, wide: `0x${'17'.padStart(32, '0')}`, after: 24 },
    result: `0x${'18'.padStart(32, '0')}`,
  },
  texts: {
    arguments: { s: 'short', r: 'x'.repeat(40), u: { id: 26, name: 'a name' }, v: [27, 28], bytes: '01ff', none: '', after: 29 },
    result: 'short!',
  },
  enums: {
    arguments: {
      ...{ s: { Some: 'text' }, r: { Err: 'a fault' }, n: 'None', c: { Circle: 30.5 }, w: { Rect: { w: 31, h: 32 } } },
      ...{ m: { Named: 'named' }, u: 'Unit', p: { Pair: { __0: 33, __1: -34 } } },
    },
    result: { Some: 'text' },
  },
  told: { arguments: { from: { a: 5, b: 22 } }, result: { a: 5, b: 22 } },
};

/** Whether a value is the truth; where it may be missing, or nothing could be read, also that this is said. */
function agrees(shown: unknown, truth: unknown, mayMiss: boolean): boolean {
  const isObject = typeof shown === 'object' && shown !== null;
  if (isObject && 'unreadable' in shown) return mayMiss || truth === UNREADABLE;
  if (truth === UNREADABLE) return false;
  if (!isObject || typeof truth !== 'object' || truth === null) return shown === truth;
  const fields = shown as Record<string, unknown>;
  return Object.entries(truth).every(([name, inner]) => agrees(fields[name], inner, mayMiss));
}

const shownBy = (captured: { value?: unknown; unreadable?: string }): unknown =>
  captured.unreadable === undefined ? captured.value : { unreadable: captured.unreadable };

const BUILDS = [
  { name: 'g++ -O0', compiler: 'g++', source: 'values/shapes.cc', flags: ['-std=c++17', '-O0'], mayMiss: false },
  { name: 'g++ -O1', compiler: 'g++', source: 'values/shapes.cc', flags: ['-std=c++17', '-O1'], mayMiss: true },
  {
    name: 'g++ -O3, with clones',
    compiler: 'g++',
    source: 'values/shapes.cc',
    flags: ['-std=c++17', '-O3', '-fipa-cp-clone'],
    mayMiss: true,
  },
  {
    name: 'g++ -O2, DWARF 4',
    compiler: 'g++',
    source: 'values/shapes.cc',
    flags: ['-std=c++17', '-O2', '-gdwarf-4'],
    mayMiss: true,
  },
  {
    name: 'g++ -O0, DWARF 2',
    compiler: 'g++',
    source: 'values/shapes.cc',
    flags: ['-std=c++17', '-O0', '-gdwarf-2'],
    mayMiss: false,
  },
  { name: 'clang++ -O0', compiler: 'clang++', source: 'values/shapes.cc', flags: ['-std=c++17', '-O0'], mayMiss: false },
  { name: 'clang++ -O2', compiler: 'clang++', source: 'values/shapes.cc', flags: ['-std=c++17', '-O2'], mayMiss: true },
  { name: 'rustc', compiler: 'rustc', source: 'values/shapes.rs', flags: ['-Awarnings'], mayMiss: false },
  { name: 'rustc -O', compiler: 'rustc', source: 'values/shapes.rs', flags: ['-O', '-Awarnings'], mayMiss: true },
];

const fileSuffix = (name: string): string => `-${name.replace(/[^\w+]+/g, '-')}`;

let pair: Awaited<ReturnType<typeof startPair>>;
test.before(async () => {
  pair = await startPair();
});
test.after.always(() => pair.stop());

async function capture(t: ExecutionContext, path: string, functions: string[]) {
  const target = await startTarget(path);
  t.teardown(() => target.kill());
  const sessionId = `dbg-${target.pid}`;
  const { slots } = await pair.open(sessionId, {
    pids: [target.pid],
    functions,
    config: { captureArgs: true, captureReturn: true },
  });
  await target.exercise('once');
  await pair.close(sessionId);
  return pair.calls(sessionId).map((call) => ({ ...call, name: slots[call.row]!.name }));
}

for (const { name, compiler, source, flags, mayMiss } of BUILDS) {
  test.serial(`${name}: what is shown of arguments and results is what was passed`, async (t) => {
    const truths = compiler === 'rustc' ? RUST : CPP;
    const path = buildWith(compiler, source, ['-g', ...flags], fileSuffix(name));
    const calls = await capture(
      t,
      path,
      compiler === 'rustc' ? Object.keys(RUST).map((each) => `shapes::${each}`) : Object.keys(CPP),
    );
    t.is(calls.length, Object.keys(truths).length);
    for (const call of calls) {
      const base = call.name.replace(/[.([].*$/, '').replace(/^.*::/, '');
      const truth = truths[base]!;
      for (const shown of call.arguments ?? []) {
        const expected = truth.arguments[shown.name];
        if (expected !== undefined) t.true(agrees(shownBy(shown), expected, mayMiss), `${base}: ${JSON.stringify(shown)}`);
      }
      const [result] = call.results ?? [];
      if (result) t.true(agrees(shownBy(result), truth.result, mayMiss), `${base}: ${JSON.stringify(result)}`);
      if (!mayMiss)
        t.true(
          Object.keys(truth.arguments).every((each) => call.arguments?.some((shown) => shown.name === each)),
          base,
        );
    }
  });
}

/** How many of the one call of `name` a filter lets through. */
async function matching(t: ExecutionContext, name: string) {
  const target = await startTarget(buildWith('g++', 'values/shapes.cc', ['-g', '-std=c++17', '-O0'], fileSuffix('g++ -O0')));
  t.teardown(() => target.kill());
  return async (filter: string): Promise<number> => {
    const sessionId = `dbg-${filter}`;
    const config = { captureArgs: true, filterExpressions: [filter] };
    await pair.open(sessionId, { pids: [target.pid], functions: [name], config });
    await target.exercise('once');
    await pair.close(sessionId);
    return pair.calls(sessionId).length;
  };
}

test.serial('C strings are compared with text of any length, up to their end', async (t) => {
  const matches = await matching(t, 'texts');
  for (const filter of ['c == "plain, and longer than a word"', 'c == plain', 'c != "plain"', 'c == "pla"', 'u == "short"']) {
    const isTrue = filter.includes('longer') || filter.startsWith('c !=') || filter.startsWith('u ==');
    t.is(await matches(filter), isTrue ? 1 : 0, filter);
  }
  t.is(await matches('s.len == 5 && r.len > 39'), 1);
  t.is(await matches('s.len > 5'), 0);
});

test.serial('lengths are compared, also of what has no elements, and whether there is a value', async (t) => {
  const lists = await matching(t, 'lists');
  for (const filter of ['v.len == 2', 'r.len == 2', 'none.len == 0', 'p.len < 3']) t.is(await lists(filter), 1, filter);
  for (const filter of ['v.len > 2', 'r.len != 2', 'none.len > 0']) t.is(await lists(filter), 0, filter);
  const options = await matching(t, 'options');
  for (const filter of ['o != nil', 'none == nil && t != nil']) t.is(await options(filter), 1, filter);
  for (const filter of ['o == nil', 'none != nil']) t.is(await options(filter), 0, filter);
});
