import test from 'ava';
import { EventBudget } from './event-budget.js';
import { admitDuration, admitFilters, admitMemory, admitPatterns, admitSession, DEFAULT_LIMITS } from './limits.js';
import { estimateMemoryBytes, sizeMaps } from './memory.js';

const MIB = 1024 * 1024;

test('The sixth session is refused', (t) => {
  t.notThrows(() => admitSession(4, DEFAULT_LIMITS));
  const error = t.throws(() => admitSession(5, DEFAULT_LIMITS));
  t.is(error.message, 'this agent already runs 5 sessions, the most it may (max_concurrent_sessions)');
  t.like(error, { code: 'LIMIT_EXCEEDED', exitCode: 4 });
});

test('A session may last 600 s and no longer', (t) => {
  t.notThrows(() => admitDuration(600_000, DEFAULT_LIMITS));
  t.like(
    t.throws(() => admitDuration(600_001, DEFAULT_LIMITS)),
    { code: 'LIMIT_EXCEEDED' },
  );
  t.like(
    t.throws(() => admitDuration(0, DEFAULT_LIMITS)),
    { code: 'USAGE' },
  );
});

test('Maps that do not fit beside those of other sessions are refused before they are made', (t) => {
  const few = estimateMemoryBytes(sizeMaps({ slots: 10, sites: 30, standing: true }, 20));
  t.true(few > MIB && few < 32 * MIB);
  t.notThrows(() => admitMemory(few, 100 * MIB, DEFAULT_LIMITS));
  const all = estimateMemoryBytes(sizeMaps({ slots: 50_000, sites: 200_000, standing: false }, 20));
  t.like(
    t.throws(() => admitMemory(all, 0, DEFAULT_LIMITS)),
    { code: 'LIMIT_EXCEEDED', details: { limit: 'max_memory_mb' } },
  );
});

test('Single calls are granted up to the limit in each second', (t) => {
  const budget = new EventBudget(100);
  t.is(budget.take(60, 1_000_000_000n), 60);
  t.is(budget.take(60, 1_900_000_000n), 40);
  t.is(budget.take(1, 1_999_999_999n), 0);
  t.is(budget.take(60, 2_000_000_000n), 60);
});

test('names and filters beyond what is read are refused', (t) => {
  t.notThrows(() => admitPatterns(Array(1024).fill('main.*')));
  t.throws(() => admitPatterns(Array(1025).fill('main.*')), { message: /1025 functions were named, at most 1024/ });
  t.throws(() => admitPatterns(['x'.repeat(5000)]), { message: /a function name of 5000 characters/ });
  t.notThrows(() => admitFilters(32));
  t.throws(() => admitFilters(33), { message: /33 filters were given/ });
});
