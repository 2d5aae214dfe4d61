import test from 'ava';
import { compileGlob } from './glob.js';

test('a glob fits what its regular expression would, and long names in no time', (t) => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const word = (parts: readonly string[], length: number) => Array.from({ length }, () => parts[random(parts.length)]).join('');
  for (let round = 0; round < 3000; round++) {
    const pattern = word(['a', 'b', '.', '*', '?', '[ab]', '[!b]'], random(8));
    const name = word(['a', 'a', 'b', '.', '::'], random(10));
    const body = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.').replaceAll('[!', '[^');
    const { whole, suffix } = compileGlob(pattern);
    t.is(whole(name), new RegExp(`^${body}$`, 's').test(name), `${pattern} ${name}`);
    t.is(suffix(name), new RegExp(`(?:^|[./]|::)${body}$`, 's').test(name), `${pattern} ${name}`);
  }
  const before = process.cpuUsage();
  const { whole, suffix } = compileGlob(`a${'*a'.repeat(30)}*b`);
  t.false(whole('a.'.repeat(50_000)));
  t.false(suffix('a.'.repeat(50_000)));
  t.true(process.cpuUsage(before).user < 2e6);
});

test('a range that runs backwards fits nothing', (t) => {
  t.false(compileGlob('f[z-a]').whole('fz'));
});
