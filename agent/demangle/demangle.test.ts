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

test('the pieces of a coroutine have names of their own', (t) => {
  t.is(demangle('_Z3geni.resume'), 'gen(int) [resume]');
  t.is(demangle('_Z3geni.cleanup'), 'gen(int) [cleanup]');
  t.is(demangle('_Z3genPZ3geniE13_Z3geni.Frame.actor'), 'gen(int) [actor]');
  t.is(
    demangle('_ZN2ns1KIiE4methEPZNS1_4methEiPKciE28_ZN2ns1KIiE4methEiPKci.Frame.destroy'),
    'ns::K<int>::meth(int, char const*, int) [destroy]',
  );
});

test('what link-time optimisation appends to static functions is not part of their names', (t) => {
  t.is(demangle('shared_name.lto_priv.0'), 'shared_name');
  t.is(demangle('helper.part.0.lto_priv.1'), 'helper.part.0');
  t.is(demangle('_ZL4workv.llvm.1234567'), 'work()');
  t.is(demangle('work.v2'), 'work.v2');
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

/** As c++filt has them. */
test('references to earlier types, packs and literals are what they stand for', (t) => {
  t.is(
    demangle('_ZN1P15ReportMessageAtIJPK1AS3_PKcEEEv8LocationDpRKT_'),
    'P::ReportMessageAt<A const*, A const*, char const*>(Location, A const* const&, A const* const&, char const* const&)',
  );
  t.is(demangle('_ZN4node11THROW_ERR_XIJEEEvPN2v87IsolateEPKcDpOT_'), 'node::THROW_ERR_X<>(v8::Isolate*, char const*)');
  t.is(demangle('_ZN1W4BindILm0EEEvP5LabelIXT_EE'), 'W::Bind<0ul>(Label<0ul>*)');
});

test('Rust of both manglings', (t) => {
  t.is(demangle('_ZN4shop7attempt17h0123456789abcdefE'), 'shop::attempt');
  t.is(
    demangle('_RNvMsz_NtNtNtCslNYArtu3iFV_5alloc11collections5btree3mapINtB5_8IntoIterNtNtBb_6string6StringE10dying_nextB1A_'),
    '<alloc::collections::btree::map::IntoIter<alloc::string::String>>::dying_next',
  );
});

test('a thunk is marked as one, so that the name is of the function that it leads to', (t) => {
  t.is(demangle('_ZThn56_NK4node5http21S5WriteEv'), 'node::http2::S::Write() const [thunk]');
  t.is(demangle('_ZTv0_n24_N1A1fEi'), 'A::f(int) [thunk]');
  t.is(demangle('_ZTch0_h16_N1A1fEi'), 'A::f(int) [thunk]');
});

test('what is no mangled name, or a damaged or overlong one, stays as it is', (t) => {
  for (const symbol of [
    '',
    '_',
    '_Z',
    '_R',
    '_Zx',
    '_ZN',
    '_RNvC',
    '_GLOBAL__sub_I_f',
    'naïve',
    `_Z1f${'P'.repeat(3000)}i`,
    `_R${'N'.repeat(70_000)}`,
  ]) {
    t.is(demangle(symbol), symbol);
  }
});
