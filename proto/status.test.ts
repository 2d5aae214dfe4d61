import test from 'ava';
import { CoralError } from './errors.js';
import { errorOfStatus, statusOfError } from './status.js';

const ADDRESS = 'unix:/run/coral/colony.sock';

test('an error of the catalogue crosses the wire whole', (t) => {
  const sent = new CoralError('FUNCTION_AMBIGUOUS', '“Checkout” fits 2 functions', 'write the full name', {
    candidates: ['a.X', 'b.X'],
  });
  const received = errorOfStatus(statusOfError(sent), ADDRESS);
  t.is(received.code, sent.code);
  t.is(received.message, sent.message);
  t.is(received.hint, sent.hint);
  t.deepEqual(received.details, sent.details);
});

test('each code travels with its own gRPC status', (t) => {
  t.is(statusOfError(new CoralError('SERVICE_NOT_FOUND', '')).code, 5);
  t.is(statusOfError(new CoralError('LIMIT_EXCEEDED', '')).code, 8);
});

test('any other failure becomes INTERNAL with its message', (t) => {
  const received = errorOfStatus(statusOfError(new TypeError('x is undefined')), ADDRESS);
  t.is(received.code, 'INTERNAL');
  t.is(received.message, 'unexpected failure: x is undefined');
});

test('details too large for a trailer are left out and counted', (t) => {
  const sent = new CoralError('FUNCTION_AMBIGUOUS', 'many', '', { candidates: Array(2000).fill('main.f') });
  t.deepEqual(errorOfStatus(statusOfError(sent), ADDRESS).details, { details_left_out_bytes: 18_016 });
});

test('a refused connection names the address and what to check', (t) => {
  const error = errorOfStatus({ code: 14, details: 'connect ENOENT' }, ADDRESS);
  t.is(error.code, 'COLONY_UNREACHABLE');
  t.is(error.exitCode, 5);
  t.is(error.message, 'no colony answers at unix:/run/coral/colony.sock: connect ENOENT');
});

test('of the library’s words around the reason only the reason is told', (t) => {
  const wrapped = 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';
  t.is(
    errorOfStatus({ code: 14, details: wrapped }, 'x:1').message,
    'no colony answers at x:1: connect ECONNREFUSED 127.0.0.1:1',
  );
  const late = 'Deadline exceeded after 10.001s,name resolution: 0.007s,metadata filters: 0.020s,Waiting for LB pick';
  t.regex(errorOfStatus({ code: 4, details: late }, 'x:1').message, /in time: Deadline exceeded after 10.001s$/);
});
