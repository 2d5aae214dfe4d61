import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { asCoralError, errorJson, errorText } from './errors.js';

const ERROR = new CoralError('FUNCTION_NOT_FOUND', 'no function "valid" in checkout', 'did you mean main.validateCard?', {
  candidates: ['main.validateCard'],
});

test('an error for a person has the next step below', (t) => {
  t.is(errorText(ERROR), 'coral: no function "valid" in checkout\n       did you mean main.validateCard?');
  t.is(errorText(new CoralError('INTERNAL', 'x')), 'coral: x');
});

test('names from outside in an error move no cursor', (t) => {
  const error = new CoralError('FUNCTION_NOT_FOUND', 'no function in /srv/a\u001b[31mb fits "x"', 'see\tcoral functions\u202e');
  t.is(errorText(error), 'coral: no function in /srv/a·[31mb fits "x"\n       see·coral functions·');
});

test('an error for a program is one object on one line', (t) => {
  t.is(
    errorJson(ERROR),
    '{"error":{"code":"FUNCTION_NOT_FOUND","message":"no function \\"valid\\" in checkout","hint":"did you mean main.validateCard?","details":{"candidates":["main.validateCard"]}}}',
  );
});

test('what is no error of the catalogue is INTERNAL and keeps its cause', (t) => {
  const cause = new TypeError('x is not a function');
  t.like(asCoralError(cause), { code: 'INTERNAL', message: 'x is not a function', exitCode: 1 });
  t.is(asCoralError(cause).cause, cause);
});

for (const [code, exit] of [
  ['INTERNAL', 1],
  ['NOT_IMPLEMENTED', 4],
  ['USAGE', 2],
  ['SERVICE_NOT_FOUND', 3],
  ['FUNCTION_NOT_FOUND', 3],
  ['FUNCTION_AMBIGUOUS', 3],
  ['SESSION_NOT_FOUND', 3],
  ['ALL_REFUSED', 4],
  ['LIMIT_EXCEEDED', 4],
  ['NO_PERMISSION', 4],
  ['CORRUPT_ELF', 4],
  ['COLONY_UNREACHABLE', 5],
  ['AGENT_UNREACHABLE', 5],
] as const) {
  test(`${code} is exit status ${exit}`, (t) => {
    t.is(new CoralError(code, '').exitCode, exit);
  });
}
