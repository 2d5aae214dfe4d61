import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { CoralError } from '../../proto/errors.js';
import { encodeSnapshot } from '../../snapshots/codec/codec.js';
import { plan, sessionInfo, tickOf } from '../../snapshots/ledger/fixture.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { startFakeColony } from './fake-colony.js';
import { runCommand } from './run-command.js';

const INFO = sessionInfo([plan('main.Checkout')]);

function document() {
  const ledger = SessionLedger.watching(INFO);
  ledger.apply(tickOf('', 1, [{ slot: 0, durationsNs: [1000] }]));
  return ledger.snapshot('expired');
}

test('without a terminal it prints the services once', async (t) => {
  const services = [
    { service: 'shop', pid: 10, language: 'go', symbols: 'pclntab', probeable: true },
    { service: 'other', pid: 11, language: 'c', symbols: 'symtab', probeable: true },
  ];
  const colony = await startFakeColony({ listServices: () => ({ services }) });
  t.teardown(colony.stop);
  const all = (await runCommand('top', ['--colony', colony.address])).stdout;
  t.is(all.trimEnd().split('\n').length, 3);
  const one = (await runCommand('top', ['--once', '--service', 'shop', '--colony', colony.address])).stdout;
  t.true(one.includes('shop') && !one.includes('other'));
  const error = await t.throwsAsync(runCommand('top', ['--once', '--service', 'shp', '--colony', colony.address]));
  t.like(error, { code: 'SERVICE_NOT_FOUND', exitCode: 3, hint: 'did you mean shop?', details: { nearest: ['shop'] } });
});

test('with functions it measures for two seconds and prints the results alone', async (t) => {
  async function* frames() {
    yield { update: { $case: 'session', value: INFO } };
    yield { update: { $case: 'snapshot', value: Buffer.from(encodeSnapshot(document())) } };
  }
  const colony = await startFakeColony({ openSession: () => ({ session: INFO }), watchSession: frames });
  t.teardown(colony.stop);
  const argv = ['--once', '--service', 'shop', '--function', 'Checkout', '--colony', colony.address];
  const { stdout } = await runCommand('top', argv);
  t.like(colony.calls[0]?.request, { serviceName: 'shop', functions: ['Checkout'], duration: { seconds: 2 }, attended: true });
  t.regex(stdout, /^FUNCTION +CALLS .*\nmain\.Checkout +1 /);
});

test('functions of no service are wrong usage', async (t) => {
  const error = await t.throwsAsync<CoralError>(runCommand('top', ['--function', 'f']));
  t.like(error, { code: 'USAGE', message: 'top: --function needs --service' });
});

test('a snapshot file is printed without a colony', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-replay-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'a.json');
  writeFileSync(path, encodeSnapshot(document()));
  const { stdout } = await runCommand('top', ['--replay', path]);
  t.true(stdout.includes('Session dbg-1 on shop (pid 10) ran 200ms, to its end.'));
});
