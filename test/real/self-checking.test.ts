/**
 * Programs that say themselves whether they still compute what they should: Go's own test suites, and interpreters with scripts
 * that print the same line for ever. A thousand of their functions are timed at a time.
 */

import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { openStage, type Stage } from '../story/stage.js';
import { until } from '../story/until.js';
import { ROOT } from '../targets/build-targets.js';
import { collect } from './collect.js';
import { installed } from './installed.js';
import { staysUnharmed } from './promises.js';

const run = promisify(execFile);
/** Of a session. */
const WORKING_MS = 2000;
const LINES = 5;
const LINES_LIMIT_MS = 60_000;

let stage: Stage;

test.before(async () => {
  stage = await openStage();
});
test.after.always(() => stage.close());

function start(command: string, args: readonly string[], cwd: string) {
  const child = spawn(command, args, { cwd, env: { ...process.env, PWD: cwd }, stdio: ['ignore', 'pipe', 'pipe'] });
  return { pid: child.pid as number, printed: collect(child), kill: () => void child.kill('SIGKILL') };
}

const later = (): Promise<void> => sleep(WORKING_MS);

/** The test program of one of Go's own packages, run again and again in the folder that it expects. */
async function goSuite(name: string) {
  const { stdout } = await run('go', ['env', 'GOROOT']);
  const folder = join(stdout.trim(), 'src', name);
  const path = join(ROOT, 'build/targets/go-suites', `${name.replaceAll('/', '-')}.test`);
  await mkdir(join(path, '..'), { recursive: true });
  if (!existsSync(path)) await run('go', ['test', '-c', '-o', path, name], { cwd: join(stdout.trim(), 'src') });
  return start(path, ['-test.short', '-test.count=1000000'], folder);
}

for (const [name, functions] of [
  ['encoding/json', ['encoding/json.*']],
  ['sync', ['sync.*', 'runtime.*chan*', 'runtime.*sema*']],
  ['text/template', ['text/template.*', 'reflect.*']],
  ['net/http', ['net/http.*Server*', 'net/http.*ransport*', 'bufio.*']],
] as const) {
  test.serial(`Go's own tests of ${name} pass while its functions are timed`, async (t) => {
    const suite = await goSuite(name);
    try {
      await staysUnharmed(t, stage, { service: `pid:${suite.pid}`, functions, quiet: true }, suite.pid, later);
      t.notRegex(suite.printed(), /FAIL|panic|fatal/);
      t.notThrows(() => process.kill(suite.pid, 0), suite.printed());
    } finally {
      suite.kill();
    }
  });
}

const PERL = `$| = 1; while (1) {
  my $e = 0; for my $i (1..200) { eval { die {c => $i} if $i % 2; $e++; 1 } or $e += $@->{c}; }
  my @a = sort { ($a * 7919) % 503 <=> ($b * 7919) % 503 or $a <=> $b } 1..500; my $s = "abc" x 100; $s =~ s/b(c)/uc $1/ge;
  print join(",", $e, @a[0..20], length $s, unpack("%32C*", $s)), "\\n"; }`;

/** Fibers switch stacks, the garbage collector reads them. */
const RUBY = `$stdout.sync = true; n = 0; loop do
  f = Fiber.new { x = 0; 50.times { |k| x += Fiber.yield(k * 2).to_i }; x }; s = 0; s += f.resume(3).to_i while f.alive?
  t = (1..4).map { |k| Thread.new { (1..200).sum { |z| z * k } } }.map(&:value)
  e = (0...100).sum { |k| begin; raise ArgumentError, "x#{k}" if k.odd?; catch(:done) { throw :done if k % 4 == 0; 1 } || 0; rescue ArgumentError => er; er.message.size; end }
  puts [s, t, e, ("abc" * 100).gsub(/b(c)/) { $1.upcase }.sum].inspect; GC.start if (n += 1) % 20 == 0; end`;

/** Its compiler writes code into a file of memory. */
const ERLANG = `-module(loop).
-export([main/0]).
fib(N) when N < 2 -> N; fib(N) -> fib(N-1) + fib(N-2).
main() -> E = lists:sum([try (if I rem 2 == 0 -> throw({x,I}); true -> 1 end) catch {x,V} -> V end || I <- lists:seq(1,100)]),
  S = self(), [spawn(fun() -> S ! {r, lists:sum(lists:seq(1,K*100))} end) || K <- [1,2,3,4]],
  io:format("~p ~p ~p~n", [E, lists:sort([receive {r,V} -> V end || _ <- [1,2,3,4]]), fib(15)]), main().
`;

/** Every line but the first, which may have been read in part, and the last is the same. */
async function printsTheSame(t: ExecutionContext, program: ReturnType<typeof start>, functions: readonly string[]) {
  const lines = (): string[] => program.printed().split('\n').slice(0, -1);
  const work = async (): Promise<void> => {
    const before = lines().length;
    await until('it prints on', () => lines().length >= before + LINES, LINES_LIMIT_MS);
    t.deepEqual([...new Set(lines())].length, 1, lines().at(-1));
  };
  try {
    await work();
    await staysUnharmed(t, stage, { service: `pid:${program.pid}`, functions, quiet: true }, program.pid, work);
  } finally {
    program.kill();
  }
}

test.serial('Perl, which leaves by longjmp: all of its functions are timed, and it prints the same', async (t) => {
  const perl = await installed('/usr/bin/perl', 'perl-base');
  await printsTheSame(t, start(perl, ['-e', PERL], stage.folder), ['*']);
});

test.serial('Ruby, with fibers and threads: functions of its library are timed, and it prints the same', async (t) => {
  const ruby = await installed('/usr/bin/ruby', 'ruby');
  const { stdout } = await run(ruby, ['-e', 'print RbConfig::CONFIG["LIBRUBY_SO"]']);
  await printsTheSame(t, start(ruby, ['-e', RUBY], stage.folder), [`${stdout}:rb_*`, 'libc.so.6:*alloc*']);
});

test.serial('Erlang, which compiles while it runs: all of its functions are timed, and it prints the same', async (t) => {
  const erl = await installed('/usr/bin/erl', 'erlang-base');
  const erlc = await installed('/usr/bin/erlc', 'erlang-base');
  await writeFile(join(stage.folder, 'loop.erl'), ERLANG);
  await run(erlc, ['loop.erl'], { cwd: stage.folder });
  await printsTheSame(t, start(erl, ['-noshell', '-s', 'loop', 'main'], stage.folder), ['*', 'libc.so.6:mem*']);
});
