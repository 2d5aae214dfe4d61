/** A server that nobody here wrote, on a port of its own, from its start to its end. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { until } from '../story/until.js';
import { collect } from './collect.js';

export interface ServerOptions {
  env?: Readonly<Record<string, string>>;
  /** The user that it runs as; it starts as root otherwise. */
  user?: { uid: number; gid: number };
}

export interface Server {
  pid: number;
  port: number;
  /** What it has printed so far, both streams. */
  printed(): string;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM; resolves with its exit status or signal. */
  end(): Promise<number | string>;
  kill(): void;
}

/** Starts a program and waits until its port takes connections. Rejects with what it printed when it does not. */
export async function startServer(command: string, port: number, args: string[], options: ServerOptions = {}): Promise<Server> {
  const child = spawn(command, args, {
    ...options.user,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal ?? 'unknown') as number | string);
  const printed = collect(child);
  try {
    await until(`${command} listens on port ${port}`, () => isListening(port), 10_000);
  } catch (cause) {
    child.kill('SIGKILL');
    throw new Error(`${command} does not answer; it said: ${printed()}`, { cause });
  }
  return {
    pid: child.pid as number,
    port,
    printed,
    signal: (name) => void child.kill(name),
    end: () => {
      child.kill('SIGTERM');
      return exited;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** A port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('the loopback gave no port');
  return address.port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
