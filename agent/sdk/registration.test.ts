import { connect, createServer } from 'node:net';
import { credentials } from '@grpc/grpc-js';
import test from 'ava';
import { RegisterRequest, SdkClient } from '../../proto/gen/coral/sdk/v1/sdk.js';
import { findUid, peerUid } from './peer-uid.js';
import { Registry } from './registry.js';
import { serveSdk } from './serve-sdk.js';
import { refusalOf } from './verify-registration.js';

const request = RegisterRequest.fromPartial({ service: 'checkout', pid: 7 });

test('A program may register itself, and root anybody; others may not', (t) => {
  t.is(refusalOf(request, { processUid: 1000, callerUid: 1000 }), '');
  t.is(refusalOf(request, { processUid: 1000, callerUid: 0 }), '');
  t.is(refusalOf(request, { processUid: 1000, callerUid: null }), '');
  t.is(refusalOf(request, { processUid: 0, callerUid: 1000 }), 'process 7 belongs to uid 0, the caller is uid 1000');
  t.is(refusalOf(request, { processUid: null, callerUid: 1000 }), 'there is no process 7 here');
});

test("The peer's uid is the one of its row in the kernel's table", (t) => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2383 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:D431 0100007F:2383 01 00000000:00000000 00:00000000 00000000  1000        0 2 1`;
  t.is(findUid(table, 0xd431, 0x2383), 1000);
  t.is(findUid(table, 0xd432, 0x2383), null);
});

test('The peer of a real connection is this user', async (t) => {
  const uid = await new Promise((resolve) => {
    const server = createServer((socket) => {
      resolve(peerUid(`127.0.0.1:${socket.remotePort}`, socket.localPort ?? 0));
      socket.destroy();
      server.close();
    }).listen(0, '127.0.0.1', () => connect((server.address() as { port: number }).port, '127.0.0.1'));
  });
  t.is(uid, process.getuid?.());
});

test('A registration is found as long as the process is the same', async (t) => {
  const registry = new Registry();
  const duties = { registry, identity: () => 'first', uid: () => process.getuid?.() ?? 0, changed: () => undefined };
  const server = await serveSdk('127.0.0.1:0', duties);
  const client = new SdkClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  const answer = await new Promise((resolve, reject) => {
    client.register(request, (error, response) => (error ? reject(error) : resolve(response)));
  });
  client.close();
  server.close();
  t.deepEqual(answer, { accepted: true, reason: '' });
  t.is(registry.find(7, () => 'first')?.service, 'checkout');
  t.is(
    registry.find(7, () => 'second'),
    null,
  );
});
