import test from 'ava';
import { buildNamePool } from './name-pool.js';
import { matchPositions } from './positions.js';
import { parseQuery } from './query.js';
import { RANKED_HITS, Search } from './search.js';

const NAMES = [
  'main.main',
  'main.validateCard',
  'main.(*Order).validate',
  'main.invalid',
  'github.com/acme/rules.(*Set).Validate',
  'net/http.(*conn).serve',
  'net/http.(*Server).Serve',
  'net/http.(*connReader).startBackgroundRead',
  'runtime.gcBgMarkWorker',
  'runtime.gcMarkDone',
  'sync.(*RWMutex).RLock',
];

const found = (text: string, names: readonly string[] = NAMES): string[] => {
  const search = new Search(buildNamePool(names), text);
  search.step(Number.POSITIVE_INFINITY);
  return [...search.hits().ids].map((id) => names[id] ?? '');
};

/** Any interleaving of other letters: the definition of a fuzzy match. */
const holds = (name: string, word: string): boolean => {
  let at = 0;
  for (const letter of name.toLowerCase()) if (letter === word[at]) at++;
  return at === word.length;
};

test('a word finds every name that holds its letters in order, and no other', (t) => {
  for (const word of ['valid', 'mv', 'serve', 'gc', 'xyz', 'rlock', '(*']) {
    t.deepEqual(found(word).sort(), NAMES.filter((name) => holds(name, word)).sort(), word);
  }
});

test('own code comes before modules, a word start before the middle of a word', (t) => {
  t.is(found('valid')[0], 'main.validateCard');
  t.is(found('httpconnserve')[0], 'net/http.(*conn).serve');
  t.is(found('gcbgmw')[0], 'runtime.gcBgMarkWorker');
  t.is(found('rwmrlock')[0], 'sync.(*RWMutex).RLock');
});

test('words separated by spaces must all hold; signs make them exact, negative or a pattern', (t) => {
  t.deepEqual(found("'validate !card").sort(), ['github.com/acme/rules.(*Set).Validate', 'main.(*Order).validate']);
  t.deepEqual(found('~^main\\.[a-z]+$').sort(), ['main.invalid', 'main.main', 'main.validateCard']);
  t.deepEqual(found('http !conn'), ['net/http.(*Server).Serve']);
});

test('a malformed pattern finds nothing and says why', (t) => {
  const search = new Search(buildNamePool(NAMES), '~(');
  search.step(Number.POSITIVE_INFINITY);
  t.is(search.hits().total, 0);
  t.regex(search.hits().query.error ?? '', /Unterminated|Invalid/);
});

test('an empty filter lists all, own code first', (t) => {
  t.is(found('').length, NAMES.length);
  t.is(found('')[0], 'main.main');
  t.is(found('  ').at(-1), 'sync.(*RWMutex).RLock');
});

test('narrowing letter by letter finds what searching at once finds', (t) => {
  const pool = buildNamePool(NAMES);
  let before: Search | undefined;
  for (const text of ['v', 'va', 'val', 'vali', 'vali c', 'vali ca']) {
    const narrowed: Search = new Search(pool, text, before);
    narrowed.step(Number.POSITIVE_INFINITY);
    const fresh = new Search(pool, text);
    fresh.step(Number.POSITIVE_INFINITY);
    t.deepEqual(narrowed.hits(), fresh.hits());
    before = narrowed;
  }
});

test('all hits are counted, the best are ranked', (t) => {
  const names = Array.from({ length: 5000 }, (_, i) => `pkg.function${i}`);
  const search = new Search(buildNamePool(names), 'function');
  search.step(Number.POSITIVE_INFINITY);
  t.is(search.hits().total, 5000);
  t.is(search.hits().ids.length, RANKED_HITS);
  t.is(names[search.hits().ids[0] ?? -1], 'pkg.function0');
});

test('what is highlighted are the letters typed', (t) => {
  const name = 'net/http.(*conn).serve';
  const letters = matchPositions(name, parseQuery('cserve')).map((at) => name[at]);
  t.is(letters.join(''), 'cserve');
  t.deepEqual(matchPositions(name, parseQuery("'http")), [4, 5, 6, 7]);
});

test('an expression that would try for ever is given up, in slices and at once, and is not tried again', (t) => {
  const pool = buildNamePool([...NAMES, `main.${'a'.repeat(80)}`]);
  const given = (text: string, budgetMs: number): Search => {
    const search = new Search(pool, text);
    for (let slices = 0; !search.step(budgetMs); slices++) t.true(slices < 100);
    return search;
  };
  for (const [text, budgetMs] of [
    ['~(\\w+)+=', 6],
    ['~(\\w*)*=', Number.POSITIVE_INFINITY],
  ] as const) {
    t.is(given(text, budgetMs).hits().query.error, 'that expression takes too long');
    const again = new Search(pool, text);
    t.true(again.done);
    t.is(again.hits().total, 0);
  }
});

test('an ordinary expression finds the same in slices as at once, each name once', (t) => {
  const names = Array.from({ length: 20_000 }, (_, i) => `pkg.function${i}`);
  const pool = buildNamePool(names);
  const search = new Search(pool, '~n\\d*7$');
  while (!search.step(0));
  t.is(search.hits().total, 2000);
  t.is(new Set(search.hits().ids).size, RANKED_HITS);
});

test('100,000 names: time for each key is reported', (t) => {
  const names = Array.from({ length: 100_000 }, (_, i) => {
    const type = `Type${(i * 7919) % 331}`;
    return `github.com/acme/service${i % 97}/internal/mod${i % 13}.(*${type}).Handle${['Request', 'Response', 'Event', 'Card'][i % 4]}${i}`;
  });
  const startedMs = performance.now();
  const pool = buildNamePool(names);
  const builtMs = performance.now() - startedMs;
  const times: number[] = [];
  for (const query of ['handlecard', 'type12 request', 'mod3.event', 'service42/resp', 'hrq', "'internal card"]) {
    let before: Search | undefined;
    for (let length = 1; length <= query.length; length++) {
      const keyMs = performance.now();
      const search: Search = new Search(pool, query.slice(0, length), before);
      search.step(Number.POSITIVE_INFINITY);
      search.hits();
      times.push(performance.now() - keyMs);
      before = search;
    }
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  t.log(`pool ${builtMs.toFixed(0)} ms; a key: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(0.999)} ms`);
  t.pass();
});
