import test from 'ava';
import { demangle } from './demangle.js';

/** A function whose last argument is B<X, X> of the one before, and so on: twice as long with each. */
function bomb(doublings: number): string {
  const digits = (n: number): string => (n === 0 ? '' : (n - 1).toString(36).toUpperCase());
  const groups = Array.from({ length: doublings }, (_, i) => `S1_IS${digits(i + 3)}_S${digits(i + 3)}_E`);
  return `_Z1f1AIiE1BIS0_S0_E${groups.join('')}`;
}

test('names are readable, clones are marked', (t) => {
  t.is(demangle('_ZN4shop7attemptEi'), 'shop::attempt(int)');
  t.is(demangle('_ZN4shop7attemptEi.isra.0'), 'shop::attempt(int) [isra.0]');
  t.is(demangle('main'), 'main');
});

test('a name that stands for megabytes stays as it is in the file', (t) => {
  t.regex(demangle(bomb(3)), /^f\(A<int>, B<A<int>, A<int> >, /);
  const before = process.cpuUsage();
  for (const doublings of [11, 12, 20, 25, 60]) t.is(demangle(bomb(doublings)), bomb(doublings));
  t.true(process.cpuUsage(before).user < 1e6);
  t.is(demangle('_ZN4shop7attemptEi'), 'shop::attempt(int)');
});
