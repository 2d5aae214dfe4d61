import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openStage, type Stage } from '../story/stage.js';
import { changedText } from '../story/text-of.js';
import { ROOT } from '../targets/build-targets.js';
import { exactly, staysUnharmed, watch } from './promises.js';
import { request } from './requests.js';
import { freePort, type Server, startServer } from './server.js';

/** A Go program as a registry ships it: no symbol table, no DWARF, paths trimmed. */
const ESBUILD = join(ROOT, 'node_modules/@esbuild/linux-x64/bin/esbuild');
const REQUESTS = 1000;
const BODY_BYTES = 5000;

let stage: Stage;
let esbuild: Server;

test.before(async () => {
  stage = await openStage();
  const folder = join(stage.folder, 'www');
  await mkdir(folder);
  await writeFile(join(folder, 'file.txt'), 'a'.repeat(BODY_BYTES));
  const port = await freePort();
  esbuild = await startServer(ESBUILD, port, [`--servedir=${folder}`, `--serve=127.0.0.1:${port}`]);
});
test.after.always(async () => {
  esbuild?.kill();
  await stage.close();
});

const ask = async (count: number): Promise<number> =>
  (await request(esbuild.port, '/file.txt', count)).filter((length) => length === BODY_BYTES).length;

test.serial('esbuild, stripped: each request is counted once by every function on its way', async (t) => {
  const functions = ['api.(*apiHandler).ServeHTTP', 'net/http.serverHandler.ServeHTTP'];
  const { snapshot, told } = await watch(stage, { service: `pid:${esbuild.pid}`, functions }, () => ask(REQUESTS));
  t.is(told, REQUESTS);
  exactly(t, snapshot, {
    'github.com/evanw/esbuild/pkg/api.(*apiHandler).ServeHTTP': REQUESTS,
    'net/http.serverHandler.ServeHTTP': REQUESTS,
  });
  t.deepEqual(changedText(esbuild.pid), []);
});

test.serial('esbuild, stripped: sessions that come and go leave its answers and its text alone', async (t) => {
  const functions = ['api.(*apiHandler).ServeHTTP', 'net/http.(*conn).readRequest'];
  await staysUnharmed(t, stage, { service: `pid:${esbuild.pid}`, functions }, esbuild.pid, async () => {
    t.is(await ask(100), 100);
  });
});
