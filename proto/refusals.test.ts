import { readFileSync } from 'node:fs';
import test from 'ava';
import { nextStep, REFUSALS } from './refusals.js';

test('each refusal has a next step, and stands in the README', (t) => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  for (const [code, next] of Object.entries(REFUSALS)) {
    t.is(nextStep(code), next);
    t.true(next.length > 0 && readme.includes(`\`${code}\``), code);
  }
  t.is(nextStep('AGENT_UNREACHABLE'), '');
});
