// One suite: its process, its lines through the reader of their format, its exit status. A suite that falls silent is ended.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { goReader } from './go-reader.mjs';
import { add } from './tally.mjs';
import { tapReader } from './tap-reader.mjs';

const READERS = { tap: tapReader, go: goReader };

// No test takes this long; a first build of a target does take minutes.
const SILENCE_LIMIT_MS = 5 * 60_000;

export async function runSuite(suite, tally) {
  console.log(`\n${suite.title}`);
  const failedBefore = tally.failed;
  const child = spawn(suite.command, suite.args, { cwd: suite.cwd ?? '.', stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = exitOf(child);
  const silence = setTimeout(() => endGroup(child, suite, tally), SILENCE_LIMIT_MS);
  const read = READERS[suite.reader]((outcome, title) => console.log(add(tally, outcome, title)));
  for await (const line of createInterface({ input: child.stdout })) {
    silence.refresh();
    read(line);
  }
  clearTimeout(silence);
  const fault = await ended;
  if (fault !== '' && tally.failed === failedBefore) console.log(add(tally, 'failed', `${suite.title} ended with ${fault}`));
}

function exitOf(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `exit status ${code ?? signal}`));
  });
}

// The suite leads a process group of its own, so that this reaches its workers too.
function endGroup(child, suite, tally) {
  console.log(add(tally, 'failed', `${suite.title}: nothing for ${SILENCE_LIMIT_MS / 60_000} minutes, ended`));
  process.kill(-child.pid, 'SIGKILL');
}
