/** A kept connection to a postgres, spoken to through psql. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readLines } from '../targets/line-reader.js';

export interface Psql {
  /** The server's process for this connection. */
  pid: number;
  /** So many queries that fail in the planner, then so many that do not: how many gave what they should. */
  ask(queries: number, failing: number): Promise<{ right: number; failed: number }>;
  end(): Promise<number | string>;
  kill(): void;
}

/** Connects; resolves when the connection's process has answered. */
export async function openPsql(port: number): Promise<Psql> {
  const args = ['-qAt', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', 'postgres'];
  const child = spawn('psql', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal ?? 'unknown') as number | string);
  const answers = readLines(child.stdout);
  const errors = readLines(child.stderr);
  child.stdin.write('select pg_backend_pid();\n');
  const pid = Number(await answers());
  return {
    pid,
    async ask(queries, failing) {
      for (let index = 0; index < failing; index++) child.stdin.write('select 1/0;\n');
      for (let index = 0; index < queries; index++) child.stdin.write(`select ${index} + pg_backend_pid();\n`);
      let right = 0;
      for (let index = 0; index < queries; index++) if (Number(await answers()) === index + pid) right += 1;
      let failed = 0;
      for (let index = 0; index < failing; index++) if ((await errors())?.includes('division by zero')) failed += 1;
      return { right, failed };
    },
    end: () => {
      child.stdin.end();
      return exited;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
