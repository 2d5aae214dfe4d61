import { execFile } from 'node:child_process';
import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import test from 'ava';
import { CAPABILITIES, planElevation } from '../../cli/private-pair/elevation.js';
import { goBuild } from '../targets/builds.js';
import { CORAL } from './coral.js';
import { rowOf, type Snapshot } from './lines.js';
import { openStage } from './stage.js';
import { changedText } from './text-of.js';
import { until } from './until.js';

const asRoot = process.getuid?.() === 0 ? test.serial : test.serial.skip;

/** Debian's nobody: an account without any right. */
const NOBODY = 65534;

asRoot('the four capabilities that sudo is asked for are enough, for a program of another user too', async (t) => {
  const plan = planElevation({ uid: NOBODY, gid: NOBODY, effective: 0n, hasSudo: true, hasSetpriv: true });
  if (plan.kind !== 'sudo') return t.fail();
  const stage = await openStage();
  t.teardown(() => stage.close());
  chownSync(stage.folder, NOBODY, NOBODY);
  chmodSync(stage.folder, 0o755);
  const target = await stage.target(goBuild());
  const [setpriv = '', ...options] = plan.prefix;
  const attach = ['debug', 'attach', `pid:${target.pid}`, '--function', 'main.Plain', '--duration', '4s', '--format', 'json'];
  const measured = promisify(execFile)(setpriv, [...options, CORAL, ...attach], { env: { ...process.env, ...stage.env } });
  await until('the probes are armed', () => changedText(target.pid).length > 0);
  const status = readFileSync(`/proc/${await stage.daemon('agent')}/status`, 'utf8');
  await target.run('plain', 200, 2);
  const snapshot = JSON.parse((await measured).stdout) as Snapshot;
  t.is(rowOf(snapshot, 'main.Plain').calls, 200);
  t.is(snapshot.text_verified, true);
  t.regex(status, new RegExp(`^Uid:\\s+${NOBODY}`, 'm'));
  const own = CAPABILITIES.reduce((mask, { bit }) => mask | (1n << BigInt(bit)), 0n);
  t.is(BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1]}`), own);
});
