import test from 'ava';
import { DEFAULT_REDACTION, redact } from './redact.js';

const isRedacted = (value: string): boolean => redact({ name: 'x', type: 'string', value }, DEFAULT_REDACTION).redacted === true;

test('a card number is known by its check digit, so that large numbers stay readable', (t) => {
  for (const card of ['4242424242424242', '4242 4242 4242 4242', '5555-5555-5555-4444', '378282246310005'])
    t.true(isRedacted(card), card);
  for (const number of ['4242424242424241', '1152921504606846977', '1795420800123456789', '123456789012'])
    t.false(isRedacted(number), number);
});

test('tokens are redacted by their look, also inside structs', (t) => {
  t.true(isRedacted('Bearer abc'));
  const order = redact(
    { name: 'o', type: 'Order', value: { Note: 'eyJhbGciOi.J9.x', Card: '4242424242424242', At: '1795420800123456789' } },
    DEFAULT_REDACTION,
  );
  t.deepEqual(order.value, { Note: { redacted: true }, Card: { redacted: true }, At: '1795420800123456789' });
});

const nameHides = (name: string, type = 'string'): boolean =>
  redact({ name, type, value: 'x' }, DEFAULT_REDACTION).redacted === true;

test('a name tells a secret wherever the word stands in it', (t) => {
  // biome-ignore format: a list of words
  const secrets = [
    'password', 'Password2', 'passwords', 'passwordHash', 'hashed_passwd', 'passPhrase', 'passcode', 'userPass', 'db_pass1', 'newPwd', 'PWD',
    'apiKeys', 'signingKey', 'aws_access_key_id', 'refreshTokens', 'jwtClaims', 'clientSecretHash', 'authHeader', 'card_pin', 'pinCode', 'cvv2',
    'creditCard', 'cardNo',
  ];
  for (const name of secrets) t.true(nameHides(name), name);
  const plain = [
    'passenger',
    'passed',
    'bypass',
    'compass',
    'key',
    'primaryKey',
    'author',
    'spin',
    'pinned',
    'span',
    'discard',
    'wildcardNode',
    'user',
    'monkey',
  ];
  for (const name of plain) t.false(nameHides(name), name);
});

test('a type tells a secret in the spelling of each language', (t) => {
  for (const type of [
    'main.Password',
    '*vault.Secret',
    '[]auth.Token',
    'app::Secret',
    'const Password &',
    'secrecy::SecretBox<str>',
    'password_t *',
    'vector<Secret, std::allocator<Secret> >',
    'unique_ptr<vault::Secret, std::default_delete<vault::Secret> >',
    'alloc::vec::Vec<auth::Token>',
    'Option<&Password>',
  ])
    t.true(nameHides('x', type), type);
  for (const type of ['string', 'token.Pos', 'main.Passenger', 'secret::Plain', 'vector<token::Pos>', 'map<int, Passenger>'])
    t.false(nameHides('x', type), type);
});
