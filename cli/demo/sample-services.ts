/** The sample services under load: payments, checkout that calls it, and the load generator. They end with this process. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CoralError } from '../../proto/errors.js';
import { isInPath } from '../private-pair/start-agent.js';

const PROGRAMS = fileURLToPath(new URL('../../examples/', import.meta.url));
const START_TIMEOUT_MS = 5000;
const LOAD_DURATION = '1h';

export interface SampleServices {
  /** Process of the checkout service. */
  readonly checkoutPid: number;
  /** Address of the checkout service. */
  readonly url: string;
  stop(): void;
}

/** Starts the three on free ports, without load for a rate of 0; throws when they are not built or do not listen within 5 s. */
export async function startSampleServices(ratePerS: number, environment: NodeJS.ProcessEnv): Promise<SampleServices> {
  const running: ChildProcess[] = [];
  const start = (name: string, args: readonly string[]): ChildProcess => {
    const child = startProgram(name, args, environment);
    running.push(child);
    return child;
  };
  const stop = (): void => running.forEach((child) => void child.kill());
  try {
    const payments = await addressOf(start('payments', ['-listen', '127.0.0.1:0']));
    const checkout = start('checkout', ['-listen', '127.0.0.1:0', '-payments', payments]);
    const url = await addressOf(checkout);
    if (ratePerS > 0) start('load', ['-target', url, '-rate', String(ratePerS), '-duration', LOAD_DURATION]);
    return { checkoutPid: checkout.pid ?? 0, url, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** setpriv, where it is there, has the kernel end the program with us even when we are killed. */
function startProgram(name: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  const path = `${PROGRAMS}${name}`;
  if (!existsSync(path)) {
    throw new CoralError('UNSUPPORTED', `the sample service ${name} is not built: ${path} is missing`, 'run: npm run demo', {
      path,
    });
  }
  const tied = isInPath('setpriv', environment) ? ['setpriv', '--pdeathsig', 'TERM', '--'] : [];
  const [file = path, ...words] = [...tied, path, ...args];
  return spawn(file, words, { stdio: ['ignore', 'pipe', 'ignore'], env: environment });
}

/** The URL in the line "… listens on URL" that a service prints first. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (how: string): void =>
      reject(new CoralError('INTERNAL', `${child.spawnargs.join(' ')}: ${how}`, 'run: npm run demo'));
    const timer = setTimeout(() => fail('did not say where it listens'), START_TIMEOUT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (status) => fail(`ended with status ${status}`));
    createInterface({ input: child.stdout! }).once('line', (line) => {
      clearTimeout(timer);
      resolve(/https?:\S+/.exec(line)?.[0] ?? '');
    });
  });
}
