// Processes that a test run left behind: those that inherited its mark. Ended by pid, never by name.
import { readdirSync, readFileSync } from 'node:fs';

export function endLeftovers(mark) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids
    .filter((pid) => bears(pid, mark))
    .map(end)
    .filter((line) => line !== '');
}

function bears(pid, mark) {
  return read(`/proc/${pid}/environ`).split('\0').includes(`CORAL_TEST_RUN=${mark}`);
}

function end(pid) {
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch (error) {
    if (error.code === 'ESRCH') return '';
    throw error;
  }
  return `${pid} ${command}`;
}

// A process may be gone, or another user's: then it is none of ours.
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
