import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import type { CoralError } from '../../proto/errors.js';
import type { Image } from '../symbols/image.js';
import { ImageCache } from './image-cache.js';
import { loadBias, mappedFiles, parseMaps, unprobeableBecause } from './mapped-files.js';
import { parseFacts, processIdentity, readFacts, threadLives } from './process-facts.js';
import { resolveService } from './resolve-service.js';
import { ProcessScan } from './scan-processes.js';
import { executableRanges, verifyText } from './verify-text.js';

/** Field n holds n, so that a wrong index shows. */
const STAT = `4711 (my (odd) name) S ${Array.from({ length: 49 }, (_, i) => i + 4).join(' ')}`;
const STATUS = 'Name:\todd\nTracerPid:\t99\nUid:\t1000\t1000\t1000\t1000\nNSpid:\t4711\t7\nSeccomp:\t2\n';
const NO_PID = 2 ** 22 + 1;

test('facts are read behind a name with spaces and parentheses', (t) => {
  t.deepEqual(parseFacts(4711, STAT, STATUS), {
    pid: 4711,
    command: 'my (odd) name',
    startTimeTicks: 22,
    cpuNs: (14 + 15) * 1e7,
    uid: 1000,
    tracerPid: 99,
    seccompFilter: true,
    namespacePid: 7,
    layout: '26 28',
  });
});

test('a process that only waits to be reaped is gone', (t) => {
  t.is(parseFacts(1, STAT.replace(') S', ') Z'), STATUS), null);
  t.is(readFacts(NO_PID), null);
  t.is(processIdentity(NO_PID), null);
});

test('only executable mappings of files are taken from the map', (t) => {
  const text = [
    '00400000-00452000 r-xp 00001000 08:02 173521 /usr/bin/shop (deleted)',
    '00651000-00652000 r--p 00051000 08:02 173521 /usr/bin/shop',
    '7ffd1000-7ffd2000 r-xp 00000000 00:00 0      [vdso]',
  ].join('\n');
  t.deepEqual(parseMaps(text), [
    { start: 0x400000, end: 0x452000, offset: 0x1000, access: 'r-xp', file: '08:02 173521', path: '/usr/bin/shop' },
  ]);
});

test('a newline in a name is read as it is', (t) => {
  t.is(parseMaps('00400000-00452000 r-xp 00001000 08:02 173521 /srv/new\\012shop (deleted)')[0]?.path, '/srv/new\nshop');
});

test('the kernel sets no probes in code that is writable, shared or no longer the file', (t) => {
  const code = { address: 0x401ff0, size: 0x20, offset: 0x1ff0 };
  const mapped = (from: string, first = 'r-xp', second = 'r-xp') =>
    parseMaps(`401000-402000 ${first} 00001000 08:02 7 /srv/shop\n402000-403000 ${second} ${from} 08:02 7 /srv/shop`);
  t.is(unprobeableBecause(mapped('00002000'), code), null);
  t.regex(unprobeableBecause(mapped('00002000', 'r-xp', 'rwxp'), code)!, /writable/);
  t.regex(unprobeableBecause(mapped('00002000', 'r-xs'), code)!, /shared/);
  t.regex(unprobeableBecause(mapped('00007000'), code)!, /not the file's/);
  t.regex(unprobeableBecause(mapped('00002000').slice(0, 1), code)!, /not the file's/);
});

test('our own process has its program first and the C library behind it', (t) => {
  const [program, ...libraries] = mappedFiles(process.pid);
  t.is(program?.shownPath, process.execPath);
  t.true(program?.isProgram);
  t.true(libraries.some(({ shownPath }) => shownPath.includes('libc.so')));
  t.true(threadLives(process.pid, process.pid));
});

test('the code of our own C library is what its file says, and a changed byte is found', (t) => {
  const libc = mappedFiles(process.pid).find(({ shownPath }) => shownPath.includes('libc.so'))!;
  const image = new ImageCache().open(libc.openPath);
  const bias = loadBias(libc, image)!;
  const memory = openSync('/proc/self/mem', 'r');
  const read = (_pid: number, address: bigint, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    readSync(memory, bytes, 0, length, address);
    return bytes;
  };
  const target = { pid: process.pid, bias, image };
  const same = verifyText(target, executableRanges(image), read);
  t.true(same.ok, same.detail);
  t.true(same.comparedBytes > 1_000_000);

  const first = executableRanges(image)[0]!;
  const changed = (pid: number, address: bigint, length: number): Buffer => {
    const bytes = read(pid, address, length);
    if (address === BigInt(first.address + bias)) bytes[100] = (bytes[100] as number) ^ 0xff;
    return bytes;
  };
  t.is(verifyText(target, [first], changed).difference?.address, first.address + 100);
  t.true(verifyText(target, [first], changed, new Set([first.address + 100])).ok, 'our own breakpoints are no difference');
});

test('memory that cannot be read is not called equal', (t) => {
  const image = { path: '/srv/shop', read: () => Buffer.alloc(16) } as unknown as Image;
  const result = verifyText({ pid: 1, bias: 0, image }, [{ address: 0, size: 16 }], () => null);
  t.false(result.ok);
  t.is(result.detail, '16 bytes of /srv/shop could not be read in the process');
});

test('one file is opened once', (t) => {
  const cache = new ImageCache();
  t.is(cache.open('/proc/self/exe'), cache.open(process.execPath));
});

test('images that take too much together are let go, but for the last one and those that somebody holds', async (t) => {
  const [first, second, third] = mappedFiles(process.pid).map(({ openPath }) => openPath);
  const cache = new ImageCache(1);
  const forgotten = new WeakRef(cache.open(first!));
  const held = cache.open(second!);
  cache.open(third!);
  t.is(cache.open(second!), held);
  await t.notThrowsAsync(until(() => forgotten.deref() === undefined));
});

test('what was only glanced at is not kept', async (t) => {
  const [program] = mappedFiles(process.pid);
  const cache = new ImageCache();
  const glanced = new WeakRef(cache.glance(program!.openPath));
  t.is(glanced.deref(), cache.glance(program!.openPath));
  await t.notThrowsAsync(until(() => glanced.deref() === undefined));
});

test('a program that runs again is known from its file', async (t) => {
  const opened = new Set<string>();
  const images = new ImageCache();
  const glance = (path: string): Image => {
    opened.add(path);
    return images.glance(path);
  };
  const scan = new ProcessScan({ glance } as ImageCache);
  const pids: number[] = [];
  for (let run = 0; run < 3; run++) {
    const shell = spawn('/bin/bash', ['-c', 'read line']);
    pids.push(shell.pid!);
    t.true(scan.scan().some(({ pid, functionCount }) => pid === shell.pid && functionCount > 100));
    shell.stdin.end();
    await once(shell, 'exit');
  }
  t.true(pids.filter((pid) => opened.has(`/proc/${pid}/exe`)).length <= 1);
});

/** Collects garbage until something holds. */
async function until(holds: () => boolean): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; !holds(); round++) {
    if (round === 50) throw new Error('it does not come about');
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
  }
}

const PROCESSES = [
  { pid: 1, service: 'checkout', executable: '/srv/checkout' },
  { pid: 2, service: 'checkout', executable: '/srv/checkout' },
  { pid: 3, service: 'billing', executable: '/srv/bin/main' },
];
const pids = (name: string): number[] => resolveService(name, PROCESSES).map(({ pid }) => pid);

test('a service is a registered name, a base name or a pid', (t) => {
  t.deepEqual(pids('checkout'), [1, 2]);
  t.deepEqual(pids('billing'), [3]);
  t.deepEqual(pids('main'), [3]);
  t.deepEqual(pids('pid:2'), [2]);
});

test('a name that nothing has names the nearest ones', (t) => {
  const error = t.throws(() => pids('chekout')) as CoralError;
  t.is(error.code, 'SERVICE_NOT_FOUND');
  t.is(error.message, 'no running program is called "chekout"');
  t.is(error.hint, 'did you mean checkout?');
  t.is((t.throws(() => pids('pid:9')) as CoralError).code, 'PROCESS_NOT_FOUND');
});
