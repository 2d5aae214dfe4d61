import test from 'ava';
import { localAddress } from './address.js';

test('unix sockets and loopback are taken as they are', (t) => {
  for (const address of ['unix:/run/a.sock', '127.0.0.1:9000', 'localhost:1', '[::1]:9000']) t.is(localAddress(address), address);
});

test('an address on another host is refused until there is mutual TLS', (t) => {
  const error = t.throws(() => localAddress('colony.example:9000'));
  t.is(error?.message, 'colony.example:9000 is not on this host: without mutual TLS coral speaks TCP on loopback only');
});

test('what is no address is a usage error', (t) => {
  for (const text of ['', 'unix:', 'host', 'host:99999', 'a:b:1'])
    t.like(
      t.throws(() => localAddress(text)),
      { code: 'USAGE' },
      text,
    );
});
