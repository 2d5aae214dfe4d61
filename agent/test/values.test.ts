/** Arguments and results against what the program passed. */

import test from 'ava';
import { UprobeConfig } from '../../proto/gen/coral/colony/v1/debug.js';
import { startTarget, type Target } from '../kernel/test/targets.js';
import { buildGo } from './go-target.js';
import { type RealPair, rowsOf, startPair } from './real-pair.js';

let pair: RealPair;
let target: Target;

test.before(async () => {
  target = await startTarget(buildGo('values/values.go'));
  pair = await startPair();
});

test.after.always(async () => {
  await pair.stop();
  await target.stop();
});

const both = { captureArgs: true, captureReturn: true };

test.serial('numbers, strings and errors of every call are as the program passed them', async (t) => {
  await pair.open('dbg-charge', { pids: [target.pid], functions: ['main.charge'], config: both });
  await target.exercise('charge');
  const { tick } = await pair.close('dbg-charge');
  const calls = pair.calls('dbg-charge');
  t.is(calls.length, 101);
  calls.slice(0, 100).forEach((call, i) => {
    t.deepEqual(call.arguments, [
      { name: 'userID', type: 'string', value: `u_${i % 10}`, len: 3 },
      { name: 'amount', type: 'int64', value: i },
      { name: 'small', type: 'int8', value: 0 - i },
      { name: 'ok', type: 'bool', value: i % 2 === 0 },
    ]);
    t.deepEqual(call.results, [
      { name: '', type: 'int64', value: 2 * i },
      { name: '', type: 'error', value: null },
    ]);
  });
  t.deepEqual(calls[100]!.results![1], {
    name: '',
    type: 'error',
    dynamic_type: '*errors.errorString',
    value: 'negative amount',
    len: 15,
  });
  t.is(tick!.slowCalls!.values.length, 20);
  t.deepEqual(tick!.losses, []);
});

test.serial('structs behind pointers, slices, bytes and nils are shown; a token in a field is not', async (t) => {
  await pair.open('dbg-place', { pids: [target.pid], functions: ['main.place'], config: both });
  await target.exercise('place');
  await pair.close('dbg-place');
  const [first, second] = pair.calls('dbg-place');
  const [order, tags, raw] = first!.arguments!;
  t.like(order, { name: 'order', type: '*main.Order' });
  t.deepEqual(order!.value, { ID: 'o-1', Amount: 250, Paid: true, Token: { redacted: true } });
  t.regex(order!.address!, /^0x/);
  t.like(tags, { type: '[]string', value: ['a', 'b\ufffd'], len: 2 });
  t.like(raw, { type: '[]uint8', value: '0102fe', encoding: 'hex', len: 3 });
  t.like(second!.arguments![0], { value: null });
  t.like(second!.arguments![1], { value: [], len: 0 });
  t.like(second!.results![0], { type: 'error', dynamic_type: '*main.PayError', value: { Code: 42 } });
});

test.serial('maps, channels and functions in a struct are told from nil', async (t) => {
  await pair.open('dbg-holds', { pids: [target.pid], functions: ['main.holds'], config: both });
  await target.exercise('holds');
  await pair.close('dbg-holds');
  const [held] = pair.calls('dbg-holds')[0]!.arguments!;
  t.deepEqual(held!.value, { Map: { len: 1 }, Call: { target: 'main.named' }, Queue: { len: 0 }, None: null });
});

test.serial('interfaces show their dynamic type, maps and channels their length, functions their name', async (t) => {
  await pair.open('dbg-mixed', { pids: [target.pid], functions: ['main.mixed'], config: both });
  await target.exercise('mixed');
  await pair.close('dbg-mixed');
  const [first, second, third, fourth] = pair.calls('dbg-mixed').map((call) => call.arguments!);
  t.like(first![0], { dynamic_type: '*errors.errorString', value: 'inner' });
  t.like(first![1], { value: [1, 2, 3, 4, 5, 6, 7, 8], len: 10, truncated: true });
  t.like(first![2], { value: null, len: 2 });
  t.like(first![3], { value: null, len: 0 });
  t.like(first![4], { value: null, target: 'main.named' });
  t.deepEqual(
    second!.map(({ value }) => value),
    [null, [], null, null, null],
  );
  t.like(third![0], { dynamic_type: 'string', value: 'text' });
  t.like(third![1], { value: [-1], len: 1 });
  t.like(fourth![0], { dynamic_type: 'main.Order' });
});

test.serial('what lies behind an interface is read by its dynamic type', async (t) => {
  await pair.open('dbg-hold', { pids: [target.pid], functions: ['main.hold'], config: both });
  await target.exercise('hold');
  await pair.close('dbg-hold');
  const held = pair.calls('dbg-hold').map((call) => call.arguments![0]!);
  t.deepEqual(
    held.map(({ dynamic_type, value, redacted }) => [dynamic_type, redacted ? 'redacted' : value]),
    [
      ['int', -7],
      ['uint8', 200],
      ['float64', 2.5],
      ['float32', 0.25],
      ['bool', true],
      ['main.Level', 3],
      ['complex128', '(2-3i)'],
      ['string', 'text'],
      [undefined, 'redacted'],
      ['[]uint8', '0102'],
      ['*main.PayError', null],
      ['*main.PayError', { Code: 42 }],
      ['main.Order', { ID: 'o-1', Amount: 250, Paid: true, Token: { redacted: true } }],
      ['map[string]int', null],
      ['func()', null],
      ['[2]int', [4, 5]],
    ],
  );
  t.like(held[13], { len: 1 });
  t.like(held[14], { target: 'main.named' });
});

test.serial('structs of more than 128 bytes are shown to their end', async (t) => {
  await pair.open('dbg-large', { pids: [target.pid], functions: ['main.large'], config: both });
  await target.exercise('large');
  await pair.close('dbg-large');
  const [call] = pair.calls('dbg-large');
  const value = { Head: [1, 2, 3, 0, 0, 0, 0, 0], Name: 'large', Last: 1_000_000_000 };
  t.deepEqual(
    call!.arguments!.map((argument) => argument.value),
    [value, value],
  );
});

test.serial('roots of the call tree name the functions that started their goroutines', async (t) => {
  await pair.open('dbg-spawn', { pids: [target.pid], functions: ['main.carry'] });
  const truth = await target.exercise('spawn');
  const { tick } = await pair.close('dbg-spawn');
  const started: Record<string, number> = {};
  for (const { function: name, calls } of tick!.tree!.starts) started[name] = (started[name] ?? 0) + calls;
  t.deepEqual(started, { 'main.spawnFew': truth.spawnFew, 'main.spawnMany': truth.spawnMany });
});

test.serial('secrets never leave the host', async (t) => {
  await pair.open('dbg-login', { pids: [target.pid], functions: ['main.login'], config: both });
  await target.exercise('login');
  await pair.close('dbg-login');
  const [call] = pair.calls('dbg-login');
  t.deepEqual(call!.arguments, [
    { name: 'user', type: 'string', value: 'ann', len: 3 },
    { name: 'password', type: 'string', redacted: true },
    { name: 'cardNumber', type: 'string', redacted: true },
  ]);
});

test.serial('what lies in floating-point registers is said to be unreadable', async (t) => {
  await pair.open('dbg-ratio', { pids: [target.pid], functions: ['main.ratio'], config: both });
  await target.exercise('ratio');
  await pair.close('dbg-ratio');
  const [call] = pair.calls('dbg-ratio');
  t.regex(call!.arguments![0]!.unreadable!, /floating-point register/);
  t.is(call!.arguments![1]!.value, 4);
});

test.serial('a call whose values all lie there has them, unreadable', async (t) => {
  await pair.open('dbg-area', { pids: [target.pid], functions: ['main.area'], config: both });
  await target.exercise('ratio');
  await pair.close('dbg-area');
  const [call] = pair.calls('dbg-area');
  t.deepEqual(
    [...call!.arguments!, ...call!.results!].map(({ name, unreadable }) => [name, /floating-point/.test(unreadable!)]),
    [
      ['width', true],
      ['height', true],
      ['', true],
    ],
  );
});

test.serial('the hidden dictionary of generic functions is passed over', async (t) => {
  await pair.open('dbg-generic', { pids: [target.pid], functions: ['main.(*Box[...]).put', 'main.pick'], config: both });
  await target.exercise('generic');
  await pair.close('dbg-generic');
  const [put, pick, pickInt] = pair.calls('dbg-generic');
  t.deepEqual(
    put!.arguments!.slice(1).map(({ name, value }) => [name, value]),
    [
      ['key', 'left'],
      ['value', 7],
    ],
  );
  t.like(put!.results![0], { type: 'go.shape.string', value: 'left' });
  t.like(pick!.arguments![0], { name: 'values', value: ['a', 'b'] });
  t.like(pick!.arguments![1], { name: 'at', value: 1 });
  t.like(pick!.results![0], { value: 'b' });
  t.like(pickInt!.arguments![0], { name: 'values', value: [4, 5, 6] });
  t.like(pickInt!.results![0], { value: 6 });
});

test.serial('a filter that one body of a generic function cannot evaluate refuses all of it', async (t) => {
  const config = { filterExpressions: ['result == "b"'] };
  await t.throwsAsync(pair.open('dbg-bodies', { pids: [target.pid], functions: ['main.pick'], config }));
  const both = { filterExpressions: ['at == 2'] };
  const armed = await pair.open('dbg-bodies', { pids: [target.pid], functions: ['main.pick'], config: both });
  t.is(armed.slots.length, 2);
  await target.exercise('generic');
  await pair.close('dbg-bodies');
  t.is(pair.calls('dbg-bodies').length, 1);
});

test.serial('without being asked for, no value leaves the host', async (t) => {
  await pair.open('dbg-off', { pids: [target.pid], functions: ['main.charge'], config: { sampleRate: 1 } });
  await target.exercise('charge');
  await pair.close('dbg-off');
  t.is(pair.calls('dbg-off').length, 101);
  t.true(pair.calls('dbg-off').every((call) => call.arguments === undefined && call.results === undefined));
});

test.serial('a filter on arguments chooses the calls; all are counted', async (t) => {
  const config = { filterExpressions: ['userID == "u_3" && amount > 40'], captureArgs: true };
  const armed = await pair.open('dbg-filter', { pids: [target.pid], functions: ['main.charge'], config });
  await target.exercise('charge');
  const { tick } = await pair.close('dbg-filter');
  t.deepEqual(
    pair.calls('dbg-filter').map((call) => call.arguments![1]!.value),
    [43, 53, 63, 73, 83, 93],
  );
  t.is(rowsOf(tick, armed)[`main.charge ${target.pid}`]!.returns, 101);
});

test.serial('a filter compares lengths', async (t) => {
  const lengthsThat = async (expression: string) => {
    const config = { filterExpressions: [expression], captureArgs: true };
    await pair.open(expression, { pids: [target.pid], functions: ['main.place'], config });
    await target.exercise('place');
    await pair.close(expression);
    return pair.calls(expression).map((call) => call.arguments!.slice(1).map(({ len }) => len));
  };
  t.deepEqual(await lengthsThat('tags.len > 1 && raw.len == 3'), [[2, 3]]);
  t.deepEqual(await lengthsThat('raw.len < 3'), [[0, 0]]);
});

test.serial('a filter on what is not there names what is', async (t) => {
  const open = (expression: string) =>
    pair.open('dbg-unknown', { pids: [target.pid], functions: ['main.place'], config: { filterExpressions: [expression] } });
  await t.throwsAsync(open('order.Nope == 1'), { message: /order has no such field \(it has: ID, Amount, Paid, Token\)/ });
  await t.throwsAsync(open('raw.Nope == 1'), { message: /raw has a length, raw\.len, and no fields/ });
  await t.throwsAsync(open('nope == 1'), { message: /it has: order, tags, raw, result0, duration/ });
});

test.serial('values of a type that another parameter reaches far down are read from where they are', async (t) => {
  await pair.open('dbg-follow', { pids: [target.pid], functions: ['main.follow'], config: both });
  await target.exercise('follow');
  await pair.close('dbg-follow');
  const [call] = pair.calls('dbg-follow');
  t.deepEqual(call!.arguments!.slice(1), [
    { name: 'prefix', type: 'string', value: 'very ', len: 5 },
    { name: 'number', type: 'int', value: 42 },
  ]);
  t.deepEqual(call!.results, [
    { name: '', type: 'string', value: 'very deep', len: 9 },
    { name: '', type: 'int', value: 42 },
    { name: '', type: 'main.Innermost', value: { Text: 'deep' } },
  ]);
});

test.serial('a struct behind an interface that lies too deep to be shown is not shown as empty', async (t) => {
  await pair.open('dbg-nested', { pids: [target.pid], functions: ['main.hold'], config: both });
  await target.exercise('nested');
  await pair.close('dbg-nested');
  const [nested, empty] = pair.calls('dbg-nested');
  t.deepEqual(nested!.arguments![0]!.value, { Middle: { Inner: { unreadable: 'a type that is shown by its name only' } } });
  t.deepEqual(empty!.arguments![0]!.value, { None: {} });
});

test.serial('filters on results and on the duration choose the calls', async (t) => {
  const opening = { pids: [target.pid], functions: ['main.charge', 'main.slow'] };
  await pair.open('dbg-err', { ...opening, functions: ['main.charge'], config: { filterExpressions: ['err != nil'] } });
  await target.exercise('charge');
  await pair.close('dbg-err');
  t.is(pair.calls('dbg-err').length, 1);
  await pair.open('dbg-slow', { ...opening, config: { filterExpressions: ['duration > 150ms'] } });
  await target.exercise('slow');
  await pair.close('dbg-slow');
  t.is(pair.calls('dbg-slow').length, 2);
});

test.serial('filter and captures change while the session runs', async (t) => {
  const opening = { pids: [target.pid], functions: ['main.charge'], config: { filters: { amount: '7' } } };
  await pair.open('dbg-change', opening);
  await target.exercise('charge');
  const config = UprobeConfig.fromPartial({ filters: { userID: 'u_error' }, captureArgs: true });
  const request = { sessionId: 'dbg-change', addFunctions: [], expiresAt: undefined, config };
  const { errorMessage } = await pair.colony.order({ $case: 'update', value: { request } });
  t.is(errorMessage, '');
  await target.exercise('charge');
  await pair.close('dbg-change');
  const calls = pair.calls('dbg-change');
  t.is(calls.length, 2);
  t.is(calls[0]!.arguments, undefined);
  t.is(calls[1]!.arguments![1]!.value, -7);
});
