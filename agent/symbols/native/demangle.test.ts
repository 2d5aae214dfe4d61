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

test('ABI tags belong to the names that bear them, and move no parameter', (t) => {
  t.is(demangle('_Z4g_rsB5cxx11i'), 'g_rs[abi:cxx11](int)');
  t.is(demangle('_ZN3Svc2nmB5cxx11Ei'), 'Svc::nm[abi:cxx11](int)');
  t.is(
    demangle('_ZN4node26DetermineSpecificErrorTypeB5cxx11EPNS_11EnvironmentEN2v85LocalINS2_5ValueEEE'),
    'node::DetermineSpecificErrorType[abi:cxx11](node::Environment*, v8::Local<v8::Value>)',
  );
  t.is(demangle('_Z1fB1aB1bi'), 'f[abi:a][abi:b](int)');
});

test('a name that stands for megabytes stays as it is in the file', (t) => {
  t.regex(demangle(bomb(3)), /^f\(A<int>, B<A<int>, A<int> >, /);
  const before = process.cpuUsage();
  for (const doublings of [11, 12, 20, 25, 60]) t.is(demangle(bomb(doublings)), bomb(doublings));
  t.true(process.cpuUsage(before).user < 1e6);
  t.is(demangle('_ZN4shop7attemptEi'), 'shop::attempt(int)');
});
