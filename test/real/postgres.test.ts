import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { rowOf } from '../story/lines.js';
import { openStage, type Stage } from '../story/stage.js';
import { changedText } from '../story/text-of.js';
import { installed } from './installed.js';
import { rowsOfProcess } from './processes.js';
import { watch } from './promises.js';
import { openPsql, type Psql } from './psql.js';
import { freePort, type Server, startServer } from './server.js';

const CONNECTIONS = 4;
const QUERIES = 300;
const FAILING = 40;
/** Debian's user of that name is made by the package. */
const BINARIES = '/usr/lib/postgresql/15/bin';

let stage: Stage;
let postgres: Server;
let connections: Psql[];

test.before(async () => {
  stage = await openStage();
  await installed(join(BINARIES, 'postgres'), 'postgresql-15');
  const user = await userOf('postgres');
  const data = join(stage.folder, 'data');
  await makeCluster(data, user);
  const port = await freePort();
  const settings = ['fsync=off', 'autovacuum=off', 'log_connections=on', 'listen_addresses=127.0.0.1'];
  const args = ['-D', data, '-p', String(port), '-k', data, ...settings.flatMap((setting) => ['-c', setting])];
  postgres = await startServer(join(BINARIES, 'postgres'), port, args, { user });
  connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openPsql(port)));
});
test.after.always(async () => {
  for (const connection of connections ?? []) connection.kill();
  postgres?.signal('SIGQUIT');
  await stage.close();
});

async function userOf(name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await promisify(execFile)('id', [flag, name])).stdout)),
  );
  return { uid: uid as number, gid: gid as number };
}

async function makeCluster(data: string, user: { uid: number; gid: number }): Promise<void> {
  await promisify(execFile)('chmod', ['755', stage.folder]);
  await mkdir(data);
  await promisify(execFile)('chown', [`${user.uid}:${user.gid}`, data]);
  await promisify(execFile)(join(BINARIES, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-N'], user);
}

const accepted = () => postgres.printed().split('connection received').length - 1;

test.serial('postgres: each connection’s process counts its own queries, and errors that jump out of them', async (t) => {
  const functions = ['standard_planner', 'pg_parse_query', 'PortalStart', 'palloc', 'MemoryContextAlloc'];
  const { snapshot, told } = await watch(stage, { service: 'postgres', functions }, () =>
    Promise.all(connections.map((connection, index) => connection.ask(QUERIES + index, FAILING))),
  );
  t.deepEqual(snapshot.losses, {});
  t.deepEqual(snapshot.refused, [], 'functions with parts that the stripped file does not name are probed too');
  for (const [index, connection] of connections.entries()) {
    const queries = QUERIES + index;
    t.deepEqual(told[index], { right: queries, failed: FAILING });
    const rows = rowsOfProcess(snapshot, connection.pid);
    const counts = (name: string) => {
      const { calls, returns, unwound, in_flight } = rowOf({ functions: rows }, name);
      return { calls, returns, unwound, in_flight };
    };
    const all = queries + FAILING;
    t.deepEqual(counts('standard_planner'), { calls: all, returns: queries, unwound: FAILING, in_flight: 0 });
    t.deepEqual(counts('PortalStart'), { calls: queries, returns: queries, unwound: 0, in_flight: 0 });
    t.deepEqual(counts('pg_parse_query'), { calls: all, returns: all, unwound: 0, in_flight: 0 });
    for (const name of ['palloc', 'MemoryContextAlloc']) {
      t.true(counts(name).calls > all, name);
      t.is(counts(name).returns, counts(name).calls, name);
    }
    t.deepEqual(changedText(connection.pid), []);
  }
});

test.serial(
  'postgres: a process that is forked for each connection under probes is counted, serves, and is left clean',
  async (t) => {
    const before = accepted();
    const { snapshot, told } = await watch(stage, { service: `pid:${postgres.pid}`, functions: ['fork_process'] }, () =>
      Promise.all(Array.from({ length: 6 }, () => openPsql(postgres.port))),
    );
    t.is(accepted() - before, 6);
    t.is(rowOf(snapshot, 'fork_process').calls, 6);
    for (const connection of told) {
      t.deepEqual(await connection.ask(20, 2), { right: 20, failed: 2 });
      t.deepEqual(changedText(connection.pid), []);
      t.is(await connection.end(), 0);
    }
  },
);

test.serial('postgres: it ends as it was told to', async (t) => {
  for (const connection of connections) t.is(await connection.end(), 0);
  t.is(await postgres.end(), 0);
});
