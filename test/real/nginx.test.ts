import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { rowOf } from '../story/lines.js';
import { openStage, type Stage } from '../story/stage.js';
import { changedText } from '../story/text-of.js';
import { until } from '../story/until.js';
import { installed } from './installed.js';
import { childrenOf, rowsOfProcess } from './processes.js';
import { staysUnharmed, watch } from './promises.js';
import { request } from './requests.js';
import { freePort, type Server, startServer } from './server.js';

const FUNCTIONS = ['ngx_http_create_request', 'ngx_http_core_run_phases', 'ngx_http_finalize_request', 'ngx_http_free_request'];
const REQUESTS = 2000;
const BODY_BYTES = 5000;

let stage: Stage;
let nginx: Server;

test.before(async () => {
  stage = await openStage();
  const path = await installed('/usr/sbin/nginx', 'nginx-light');
  const port = await freePort();
  const folder = join(stage.folder, 'nginx');
  await mkdir(folder);
  await writeFile(join(folder, 'file.txt'), 'a'.repeat(BODY_BYTES));
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port));
  nginx = await startServer(path, port, ['-p', folder, '-c', join(folder, 'nginx.conf')]);
});
test.after.always(async () => {
  nginx?.kill();
  for (const worker of childrenOf(nginx?.pid ?? 0)) process.kill(worker, 'SIGKILL');
  await stage.close();
});

function configuration(folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    daemon off; user root; worker_processes 2; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 64; }
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
      server { listen 127.0.0.1:${port}; root ${folder}; }
    }`;
}

const workers = () => childrenOf(nginx.pid);

async function ask(count: number): Promise<boolean> {
  return (await request(nginx.port, '/file.txt', count)).every((length) => length === BODY_BYTES);
}

test.serial('nginx: each request is counted once over the master and its workers, and told apart by pid', async (t) => {
  await until('both workers run', () => workers().length === 2);
  const pids = [nginx.pid, ...workers()];
  const { snapshot, told } = await watch(stage, { service: 'nginx', functions: FUNCTIONS }, () => ask(REQUESTS));
  t.true(told);
  t.deepEqual(snapshot.losses, {});
  for (const name of FUNCTIONS) {
    const rows = pids.map((pid) => rowOf({ functions: rowsOfProcess(snapshot, pid) }, name));
    t.is(rows[0]?.calls, 0, `${name}: the master serves nobody`);
    t.deepEqual(
      rows.reduce((sum, row) => [(sum[0] as number) + row.calls, (sum[1] as number) + row.returns], [0, 0]),
      [REQUESTS, REQUESTS],
      name,
    );
  }
  for (const pid of pids) t.deepEqual(changedText(pid), []);
});

test.serial('nginx: a new configuration in mid-session is taken, and the old workers’ requests are kept', async (t) => {
  const old = workers();
  const pid = old[0] as number;
  const { snapshot } = await watch(stage, { service: 'nginx', functions: FUNCTIONS }, async () => {
    await ask(REQUESTS / 2);
    nginx.signal('SIGHUP');
    await until('the old workers are gone', () => workers().length === 2 && workers().every((worker) => !old.includes(worker)));
    t.true(await ask(100));
  });
  const before = old.map((worker) => rowOf({ functions: rowsOfProcess(snapshot, worker) }, 'ngx_http_create_request').calls);
  t.is(
    before.reduce((sum, calls) => sum + calls, 0),
    REQUESTS / 2,
    `worker ${pid} and its sibling`,
  );
  for (const worker of workers()) t.deepEqual(changedText(worker), []);
});

test.serial('nginx: sessions that come and go leave its answers and its text alone', async (t) => {
  const [worker] = workers();
  await staysUnharmed(t, stage, { service: 'nginx', functions: FUNCTIONS }, worker as number, async () => {
    t.true(await ask(200));
  });
  t.is(await nginx.end(), 0);
});
