import test from 'ava';
import { cBuild, cppBuild, goBuild, rustBuild } from './builds.js';
import { startTarget, type Truth } from './target.js';

function balanced({ functions }: Truth): boolean {
  return Object.values(functions).every(({ calls, returns, unwound }) => calls === returns + unwound);
}

test('the Go target accounts for every call it makes', async (t) => {
  const target = await startTarget(goBuild());
  const truth = await target.run('mixed', 3200, 8);
  t.true(balanced(truth));
  t.deepEqual(truth.functions['main.MayPanic'], { calls: 600, returns: 450, unwound: 150 });
  t.deepEqual(truth.functions['main.Leave'], { calls: 200, returns: 100, unwound: 100 });
  t.is(await target.end(), 0);
});

test('the C target accounts for longjmp and thread exits', async (t) => {
  const target = await startTarget(cBuild());
  await target.run('longjmp', 90, 2);
  const truth = await target.run('exit', 10, 2);
  t.true(balanced(truth));
  t.is(truth.functions.jumper?.unwound, 60);
  t.is(truth.functions.quitter?.unwound, 5);
  t.is(await target.end(), 0);
});

test('the C++ target accounts for exceptions', async (t) => {
  const target = await startTarget(cppBuild());
  const truth = await target.run('throw', 400, 4);
  t.true(balanced(truth));
  t.is(truth.functions['shop::thrower(int, int)']?.unwound, 300);
  t.is(await target.end(), 0);
});

test('the Rust target accounts for panics', async (t) => {
  const target = await startTarget(rustBuild());
  const truth = await target.run('panic', 400, 4);
  t.true(balanced(truth));
  t.is(truth.functions['steady::panicker']?.unwound, 300);
  t.is(await target.end(), 0);
});
