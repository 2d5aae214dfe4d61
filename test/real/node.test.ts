import test from 'ava';
import { openStage, type Stage } from '../story/stage.js';
import { changedText } from '../story/text-of.js';
import { exactly, staysUnharmed, watch } from './promises.js';
import { request } from './requests.js';
import { freePort, type Server, startServer } from './server.js';

const REQUESTS = 1000;
/** Each request opens a file once and compresses once. */
const PROGRAM = `
  const { openSync, closeSync } = require('node:fs');
  const { gzipSync } = require('node:zlib');
  require('node:http').createServer((request, response) => {
    closeSync(openSync('/dev/null'));
    gzipSync('coral');
    response.end('x'.repeat(5000));
  }).listen(Number(process.argv[1]), '127.0.0.1');
`;

let stage: Stage;
let node: Server;

test.before(async () => {
  stage = await openStage();
  const port = await freePort();
  node = await startServer(process.execPath, port, ['-e', PROGRAM, String(port)]);
});
test.after.always(async () => {
  node?.kill();
  await stage.close();
});

const ask = async (count: number): Promise<number> =>
  (await request(node.port, '/', count)).filter((length) => length === 5000).length;

test.serial('node: what each request does once is counted once', async (t) => {
  const functions = ['uv_fs_open', 'uv_fs_close', 'llhttp__on_message_complete', 'deflateReset'];
  const { snapshot, told } = await watch(stage, { service: `pid:${node.pid}`, functions }, () => ask(REQUESTS));
  t.is(told, REQUESTS);
  exactly(t, snapshot, { uv_fs_open: REQUESTS, uv_fs_close: REQUESTS, llhttp__on_message_complete: REQUESTS });
  t.deepEqual(changedText(node.pid), []);
});

test.serial('node: sessions that come and go leave its answers and its text alone', async (t) => {
  await staysUnharmed(
    t,
    stage,
    { service: `pid:${node.pid}`, functions: ['uv_fs_open', 'llhttp_execute'] },
    node.pid,
    async () => {
      t.is(await ask(100), 100);
    },
  );
});
