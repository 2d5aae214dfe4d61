import test from 'ava';
import type { Input } from '../keys/key.js';
import { inputsOf } from './key-names.js';
import { cutTokens, type Token } from './tokens.js';

const STREAM =
  'ab \x1b[A\x1b[1;5C\x1bOP\x1b[15~\x1b[Z\x1b[<0;10;5M\x1b[<64;3;4M\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b[?2026;2$y\x1b[200~pasted q\r\x1b[A\x1b[201~\x1bx\rq\x03é🚀\x7f';

/** Feeds pieces as they would arrive in time: only what is left at the end is forced. */
function inputsFrom(pieces: readonly string[]): Input[] {
  const tokens: Token[] = [];
  let rest = '';
  for (const piece of pieces) {
    const cut = cutTokens(rest + piece, false);
    tokens.push(...cut.tokens);
    rest = cut.rest;
  }
  tokens.push(...cutTokens(rest, true).tokens);
  return tokens.flatMap(inputsOf);
}

const WHOLE = inputsFrom([STREAM]);

test('keys, mouse, pastes and replies are told apart', (t) => {
  const names = WHOLE.map((input) => (input.kind === 'key' ? input.key.name : input.kind));
  t.deepEqual(names, [
    'a',
    'b',
    'space',
    'up',
    'C-right',
    'F1',
    'F5',
    'S-tab',
    'click',
    'wheel',
    'paste',
    'M-x',
    'enter',
    'q',
    'C-c',
    'é',
    '🚀',
    'backspace',
  ]);
});

test('split between any two characters the same inputs come out', (t) => {
  const characters = [...STREAM];
  for (let at = 1; at < characters.length; at++)
    t.deepEqual(inputsFrom([characters.slice(0, at).join(''), characters.slice(at).join('')]), WHOLE, `split at ${at}`);
});

test('one character at a time the same inputs come out', (t) => {
  t.deepEqual(inputsFrom([...STREAM]), WHOLE);
});

test('a lone Esc is the key once nothing follows, an unfinished sequence is dropped and not typed', (t) => {
  t.deepEqual(cutTokens('\x1b', false), { tokens: [], rest: '\x1b' });
  t.deepEqual(inputsFrom(['\x1b']), [{ kind: 'key', key: { name: 'escape' } }]);
  t.deepEqual(inputsFrom(['\x1b[<0;10']), []);
  t.deepEqual(inputsFrom(['\x1b]52;c;']), []);
});

test('two Esc are two keys', (t) => {
  t.deepEqual(inputsFrom(['\x1b\x1b']).length, 2);
});
