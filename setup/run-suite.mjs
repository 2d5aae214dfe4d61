// One suite: its process, its lines through the reader of their format, its exit status.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { goReader } from './go-reader.mjs';
import { add } from './tally.mjs';
import { tapReader } from './tap-reader.mjs';

const READERS = { tap: tapReader, go: goReader };

export async function runSuite(suite, tally) {
  console.log(`\n${suite.title}`);
  const failedBefore = tally.failed;
  const child = spawn(suite.command, suite.args, { cwd: suite.cwd ?? '.', stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `exit status ${code ?? signal}`));
  });
  const read = READERS[suite.reader]((outcome, title) => add(tally, outcome, title));
  for await (const line of createInterface({ input: child.stdout })) read(line);
  const fault = await ended;
  if (fault !== '' && tally.failed === failedBefore) add(tally, 'failed', `${suite.title} ended with ${fault}`);
}
