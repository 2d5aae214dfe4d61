import test from 'ava';
import { rowOf } from '../story/lines.js';
import { openStage, type Stage } from '../story/stage.js';
import { changedText } from '../story/text-of.js';
import { goProgram } from './installed.js';
import { exactly, staysUnharmed, watch } from './promises.js';
import { request } from './requests.js';
import { freePort, type Server, startServer } from './server.js';

const MODULE = 'github.com/mccutchen/go-httpbin/v2/cmd/go-httpbin@v2.26.0';
const REQUESTS = 2000;
const DELAY_NS = 20_000_000;

let stage: Stage;
let httpbin: Server;

test.before(async () => {
  stage = await openStage();
  const port = await freePort();
  const path = await goProgram('go-httpbin', MODULE);
  httpbin = await startServer(path, port, ['-host', '127.0.0.1', '-port', String(port)]);
});
test.after.always(async () => {
  httpbin?.kill();
  await stage.close();
});

test.serial('a Go server from the module proxy: each request is counted once by every function on its way', async (t) => {
  const functions = [
    'httpbin.(*HTTPBin).Get',
    'net/http.serverHandler.ServeHTTP',
    'net/http.(*ServeMux).ServeHTTP',
    'HTTPBin.IP',
  ];
  const { snapshot, told } = await watch(stage, { service: `pid:${httpbin.pid}`, functions }, () =>
    request(httpbin.port, '/get', REQUESTS),
  );
  t.is(told.length, REQUESTS);
  const handler = 'github.com/mccutchen/go-httpbin/v2/httpbin.(*HTTPBin)';
  exactly(t, snapshot, {
    [`${handler}.Get`]: REQUESTS,
    [`${handler}.IP`]: 0,
    'net/http.serverHandler.ServeHTTP': REQUESTS,
    'net/http.(*ServeMux).ServeHTTP': REQUESTS,
  });
  t.deepEqual(changedText(httpbin.pid), []);
});

test.serial('a Go server from the module proxy: a handler that waits takes at least that long', async (t) => {
  const { snapshot, told } = await watch(stage, { service: `pid:${httpbin.pid}`, functions: ['HTTPBin.Delay'] }, () =>
    request(httpbin.port, `/delay/${DELAY_NS}ns`, 100),
  );
  t.is(told.length, 100);
  const { calls, latency } = rowOf(snapshot, 'github.com/mccutchen/go-httpbin/v2/httpbin.(*HTTPBin).Delay');
  t.is(calls, 100);
  t.true((latency?.min_ns ?? 0) >= DELAY_NS, `${latency?.min_ns} ns`);
});

test.serial('a Go server from the module proxy: sessions that come and go leave its answers and its text alone', async (t) => {
  const functions = ['net/http.(*conn).readRequest', 'net/http.*.ServeHTTP', 'httpbin.*'];
  await staysUnharmed(t, stage, { service: `pid:${httpbin.pid}`, functions, quiet: true }, httpbin.pid, async () => {
    t.is((await request(httpbin.port, '/get', 200)).length, 200);
  });
  t.is(await httpbin.end(), 0);
});
