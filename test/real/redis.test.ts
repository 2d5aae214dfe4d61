import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'ava';
import { openStage, type Stage } from '../story/stage.js';
import { changedText } from '../story/text-of.js';
import { until } from '../story/until.js';
import { installed } from './installed.js';
import { exactly, staysUnharmed, watch } from './promises.js';
import { freePort, type Server, startServer } from './server.js';

/** Debian's redis has no .symtab; its functions are named in .dynsym, for its modules. */
const FUNCTIONS = ['processCommand', 'call', 'setCommand', 'setGenericCommand', 'lookupKeyReadWithFlags'];
const COMMANDS = 2000;
const BATCH = 100;

let stage: Stage;
let redis: Server;

test.before(async () => {
  stage = await openStage();
  const path = await installed('/usr/bin/redis-server', 'redis-server');
  const port = await freePort();
  redis = await startServer(path, port, ['--port', String(port), '--save', '', '--dir', stage.folder]);
});
test.after.always(async () => {
  redis?.kill();
  await stage.close();
});

/** Sends a line, resolves with the answer's bytes once there are so many. */
async function tell(lines: string, answerBytes: number): Promise<string> {
  const socket = connect(redis.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    answer += piece;
  });
  socket.write(lines);
  while (answer.length < answerBytes) await once(socket, 'data');
  socket.destroy();
  return answer;
}

/** SETs and as many GETs of what was set, pipelined; every answer is compared. */
async function setAndGet(count: number): Promise<boolean> {
  const answers = '+OK\r\n$5\r\nvalue\r\n'.repeat(BATCH);
  for (let sent = 0; sent < count; sent += BATCH) {
    const got = await tell('SET key value\r\nGET key\r\n'.repeat(BATCH), answers.length);
    if (got !== answers) return false;
  }
  return true;
}

test.serial('redis: every command is counted once, by function', async (t) => {
  const { snapshot, told } = await watch(stage, { service: `pid:${redis.pid}`, functions: FUNCTIONS }, () => setAndGet(COMMANDS));
  t.true(told, 'redis answered rightly');
  exactly(t, snapshot, {
    processCommand: 2 * COMMANDS,
    call: 2 * COMMANDS,
    setCommand: COMMANDS,
    setGenericCommand: COMMANDS,
    lookupKeyReadWithFlags: 0,
  });
  const edge = snapshot.tree.find((node) => node.function === 'setCommand');
  t.is(snapshot.tree.find(({ id }) => id === edge?.parent)?.function, 'call');
  t.deepEqual(changedText(redis.pid), []);
});

test.serial('redis: a child that is forked to save under probes writes a whole file, and is not counted', async (t) => {
  const functions = ['redisFork', 'rdbSaveRio', 'rdbSaveObject', 'checkChildrenDone'];
  const { snapshot } = await watch(stage, { service: `pid:${redis.pid}`, functions }, async () => {
    await tell('BGSAVE\r\n', 1);
    await until('the child has saved', async () => (await tell('INFO persistence\r\n', 600)).includes('rdb_saves:1'));
  });
  exactly(t, snapshot, { redisFork: 1, rdbSaveRio: 0, rdbSaveObject: 0 });
  t.true((await tell('INFO persistence\r\n', 600)).includes('rdb_last_bgsave_status:ok'));
});

test.serial('redis: sessions that come and go leave its answers and its text alone', async (t) => {
  await staysUnharmed(t, stage, { service: `pid:${redis.pid}`, functions: ['processCommand', 'call'] }, redis.pid, async () => {
    t.true(await setAndGet(BATCH));
  });
  t.is(await redis.end(), 0);
});
