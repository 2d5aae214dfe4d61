import test from 'ava';
import { Service } from '../../proto/gen/coral/live/v1/live.js';
import { resolveService } from './resolve-service.js';

const service = (given: Partial<Service>): Service => Service.fromPartial({ agentId: 'host-a', probeable: true, ...given });

const SERVICES = [
  service({ service: 'api', pid: 10, executable: '/srv/checkout-api' }),
  service({ service: 'api', pid: 11, executable: '/srv/checkout-api', agentId: 'host-b' }),
  service({ service: 'api', pid: 12, executable: '/srv/checkout-api', probeable: false, reason: 'it runs under qemu' }),
  service({ service: 'node', pid: 20, executable: '/usr/bin/node', probeable: false, reason: 'code made at run time' }),
];

const pids = (asked: string, narrowed: number[] = []): number[] =>
  resolveService(SERVICES, asked, narrowed).processes.map(({ pid }) => pid);

test('a service is called by its registered name, its executable or a pid', (t) => {
  t.deepEqual(pids('api'), [10, 11]);
  t.deepEqual(pids('checkout-api'), [10, 11]);
  t.deepEqual(pids('pid:11'), [11]);
  t.deepEqual(pids('api', [10]), [10]);
});

test('only a name, not a pid, takes in processes that start later', (t) => {
  t.true(resolveService(SERVICES, 'api').standing);
  t.false(resolveService(SERVICES, 'pid:10').standing);
  t.false(resolveService(SERVICES, 'api', [10]).standing);
});

test('processes that cannot be probed are refused by name of their reason', (t) => {
  t.like(resolveService(SERVICES, 'api').refused, [{ pid: 12, code: 'NOT_PROBEABLE', reason: 'it runs under qemu' }]);
  const error = t.throws(() => resolveService(SERVICES, 'node'));
  t.like(error, { code: 'NOT_PROBEABLE', message: 'node (pid 20) cannot be probed: code made at run time' });
});

test('functions of libraries are asked for where nothing of the program can be probed', (t) => {
  t.deepEqual(
    resolveService(SERVICES, 'node', [], ['libc.so.6:malloc', 'main']).processes.map(({ pid }) => pid),
    [20],
  );
  t.deepEqual(resolveService(SERVICES, 'api', [], ['libc.so.6:malloc']).refused, []);
  t.throws(() => resolveService(SERVICES, 'node', [], ['ns::malloc']));
});

test('the code of what is against all of a service’s processes is the error’s', (t) => {
  const damaged = { service: 'bad', probeable: false, reason: '/srv/bad is damaged', reasonCode: 'CORRUPT_ELF' };
  const both = [service({ ...damaged, pid: 30 }), service({ ...damaged, pid: 31 })];
  t.like(
    t.throws(() => resolveService(both, 'bad')),
    { code: 'CORRUPT_ELF' },
  );
  const traced = service({ ...damaged, pid: 32, reasonCode: 'NOT_PROBEABLE' });
  t.like(
    t.throws(() => resolveService([...both, traced], 'bad')),
    { code: 'NOT_PROBEABLE' },
  );
});

test('an unknown name is answered with the nearest ones', (t) => {
  const error = t.throws(() => resolveService(SERVICES, 'chekout-api'));
  t.like(error, { code: 'SERVICE_NOT_FOUND', hint: 'did you mean checkout-api?' });
});

test('a pid that is not there names those that are', (t) => {
  t.like(
    t.throws(() => resolveService(SERVICES, 'api', [99])),
    { code: 'PROCESS_NOT_FOUND', message: 'api has no process 99 that an agent sees', hint: 'api runs as 10, 11, 12' },
  );
});

test('a process that is not there is named as it was asked for', (t) => {
  const asked = '99999999999999999999';
  const message = `there is no process ${asked} that an agent sees`;
  t.like(
    t.throws(() => resolveService(SERVICES, `pid:${asked}`)),
    { code: 'PROCESS_NOT_FOUND', message },
  );
  for (const wrong of ['pid:abc', 'pid:-1', 'pid:'])
    t.like(
      t.throws(() => resolveService(SERVICES, wrong)),
      { code: 'USAGE' },
    );
});
