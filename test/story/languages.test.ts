import test from 'ava';
import { type Build, cBuild, cppBuild, goBuild, rustBuild } from '../targets/builds.js';
import { rowOf } from './lines.js';
import { openStage, type Stage } from './stage.js';
import { changedText } from './text-of.js';

let stage: Stage;
test.before(async () => {
  stage = await openStage();
});
test.after.always(() => stage.close());

interface Case {
  title: string;
  build: Build;
  work: string;
  functions: string[];
}

const CASES: Case[] = [
  { title: 'stripped Go', build: goBuild('stripped'), work: 'mixed', functions: ['main.Guard', 'main.MayPanic', 'main.Recurse'] },
  {
    title: 'position-independent Go',
    build: goBuild('pie'),
    work: 'mixed',
    functions: ['main.Checkout', 'main.Reserve', 'main.Grow'],
  },
  {
    title: 'externally linked Go',
    build: goBuild('external'),
    work: 'mixed',
    functions: ['main.Plain', 'main.Leave', 'main.Migrate'],
  },
  { title: 'C, recursion', build: cBuild('O0'), work: 'recurse', functions: ['recurse'] },
  { title: 'C, several returns', build: cBuild('O2'), work: 'choose', functions: ['choose', 'plain'] },
  { title: 'C, tail jumps', build: cBuild('O2'), work: 'tail', functions: ['tail', 'leaf'] },
  { title: 'C, longjmp', build: cBuild('O2'), work: 'longjmp', functions: ['outer', 'jumper'] },
  { title: 'C, threads that leave in mid-call', build: cBuild('O2'), work: 'exit', functions: ['quitter'] },
  { title: 'C, static', build: cBuild('O3static'), work: 'choose', functions: ['choose'] },
  {
    title: 'C++, exceptions',
    build: cppBuild('O2'),
    work: 'throw',
    functions: ['shop::attempt(int)', 'shop::thrower(int, int)'],
  },
  {
    title: 'C++, exceptions, unoptimised',
    build: cppBuild('O0'),
    work: 'throw',
    functions: ['shop::attempt(int)', 'shop::thrower(int, int)'],
  },
  {
    title: 'C++, virtual calls',
    build: cppBuild('O2'),
    work: 'virtual',
    functions: ['shop::Circle::area(int) const', 'shop::Square::area(int) const'],
  },
  { title: 'Rust, panics', build: rustBuild('release'), work: 'panic', functions: ['steady::attempt', 'steady::panicker'] },
  { title: 'Rust, unoptimised', build: rustBuild('debug'), work: 'recurse', functions: ['steady::recurse'] },
];

for (const { title, build, work, functions } of CASES) {
  test.serial(`${title}: counts equal the truth, and the text is unchanged`, async (t) => {
    const target = await stage.target(build);
    const names = functions.flatMap((name) => ['--function', name]);
    const attachment = await stage.attach(`pid:${target.pid}`, ...names, '--budget', 'unlimited');
    const truth = await target.run(work, 1200, 4);
    const snapshot = await attachment.end();

    t.deepEqual(snapshot.refused, []);
    for (const name of functions) {
      const { calls, returns, unwound, in_flight } = rowOf(snapshot, name);
      t.deepEqual({ calls, returns, unwound, in_flight }, { ...(truth.functions[name] as object), in_flight: 0 } as never, name);
    }
    t.deepEqual(snapshot.losses, {});
    t.deepEqual(changedText(target.pid), []);
    t.is(await target.end(), 0);
  });
}
