import test from 'ava';
import { compileGlobMatch } from './glob-match.js';

let seed = 7;
function random(below: number): number {
  seed = (seed * 1103515245 + 12345) % 2 ** 31;
  return Math.floor((seed / 2 ** 31) * below);
}

const some = (parts: readonly string[], count: number) =>
  Array.from({ length: count }, () => parts[random(parts.length)]).join('');

test('a glob fits what the regular expression of the same meaning fits', (t) => {
  for (let round = 0; round < 20_000; round++) {
    const glob = some(['a', 'b', '.', '*', '*', '?', '[ab]', '[!a]', '::', '[]'], random(8));
    const name = some(['a', 'a', 'b', '.', '::', '/', 'c', '[]'], random(10));
    const body = glob.replaceAll(
      /\[\]|\.|\*|\?|\[!/g,
      (part) => ({ '[]': '\\[\\]', '.': '\\.', '*': '.*', '?': '.', '[!': '[^' })[part]!,
    );
    const matcher = compileGlobMatch(glob);
    t.is(matcher.fits(name), new RegExp(`^${body}$`).test(name), `${glob} on ${name}`);
    t.is(matcher.fitsSuffix(name), new RegExp(`(?:^|[./]|::)${body}$`).test(name), `${glob} at the end of ${name}`);
  }
});

test('ranges, and a name of any length, take no time', (t) => {
  t.true(compileGlobMatch('f[0-9]').fits('f7'));
  t.false(compileGlobMatch('f[!0-9]').fits('f7'));
  t.true(compileGlobMatch('Sum[...]').fits('Sum[...]'));
  const many = compileGlobMatch(`a${'*a'.repeat(30)}*b`);
  const before = process.cpuUsage();
  t.false(many.fits('a.'.repeat(20_000)));
  t.false(many.fitsSuffix('a.'.repeat(20_000)));
  t.true(process.cpuUsage(before).user < 5e6);
});
