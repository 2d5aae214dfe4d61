import test from 'ava';
import { parse } from 'yaml';
import { configuredValues } from './configuration-file.js';
import type { CoralError } from './errors.js';

const KNOWN = ['agent.id', 'agent.debug.enabled', 'agent.debug.limits.max_memory_mb'];
const valuesOf = (text: string) => configuredValues(parse(text), KNOWN);

test('values are told by their path', (t) => {
  t.deepEqual(valuesOf('agent: {id: a, debug: {enabled: true}}'), [
    ['agent.id', 'a'],
    ['agent.debug.enabled', true],
  ]);
});

for (const text of ['', '# nothing', 'agent:', 'agent: {}', 'agent: {debug: {limits: }}']) {
  test(`no values are in: ${text}`, (t) => {
    t.deepEqual(valuesOf(text), []);
  });
}

for (const [text, message, hint] of [
  ['agnt: {}', 'the configuration has an unknown key agnt', `known keys: ${KNOWN.join(', ')}`],
  ['agent: {debug: {limit: }}', 'the configuration has an unknown key agent.debug.limit', `known keys: ${KNOWN.join(', ')}`],
  [
    'agent: {limits: {max_memory_mb: 1}}',
    'the configuration has an unknown key agent.limits.max_memory_mb',
    'did you mean agent.debug.limits.max_memory_mb?',
  ],
  ['agent: 5', 'the configuration has an unknown key agent', 'did you mean agent.id?'],
  ['- agent', 'the configuration has no sections, "agent:" was expected', 'correct the configuration file'],
  ['agent', 'the configuration has no sections, "agent:" was expected', 'correct the configuration file'],
] as const) {
  test(`a wrong file is told: ${text}`, (t) => {
    const error = t.throws<CoralError>(() => valuesOf(text));
    t.like(error, { code: 'USAGE', message, hint });
  });
}
