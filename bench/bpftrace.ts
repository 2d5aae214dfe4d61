/** bpftrace on a target, for comparison; its probes are there when the target's text has changed. */

import { spawn } from 'node:child_process';
import { changedText } from '../test/story/text-of.js';
import { until } from '../test/story/until.js';
import type { Target } from '../test/targets/target.js';

/** It compiles the script and reads symbols first. */
const START_LIMIT_MS = 20_000;
/** One in some hundred stayed after it was told to end. */
const END_LIMIT_MS = 5_000;

/** Starts a script on the target; resolves, when its probes are armed, with the way to end it. */
export async function armBpftrace(target: Target, script: string): Promise<() => Promise<void>> {
  const child = spawn('bpftrace', ['-p', String(target.pid), '-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    words += text;
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const armed = until('bpftrace has armed its probes', () => changedText(target.pid).length > 0, START_LIMIT_MS);
  await Promise.race([armed, ended.then(() => Promise.reject(new Error(`bpftrace ended: ${words || 'is it installed?'}`)))]);
  return async () => {
    child.kill('SIGINT');
    const late = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
    await ended;
    clearTimeout(late);
    await until('its probes are gone', () => changedText(target.pid).length === 0, START_LIMIT_MS);
  };
}
