/** HTTP requests over kept connections, each answer looked at: the truth that counts are compared with. */

import { Agent, get } from 'node:http';

const CONNECTIONS = 4;

/** Sends so many GETs of a path; resolves with the bodies' lengths, all of status 200. Rejects at the first that is not. */
export async function request(port: number, path: string, count: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const lengths: number[] = [];
  let next = 0;
  const work = async () => {
    while (next++ < count) lengths.push(await one({ agent, host: '127.0.0.1', port, path }));
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  } finally {
    agent.destroy();
  }
  return lengths;
}

function one(options: { agent: Agent; host: string; port: number; path: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = get(options, (answer) => {
      let length = 0;
      answer.on('data', (piece: Buffer) => {
        length += piece.length;
      });
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(length) : reject(new Error(`${options.path} gave ${answer.statusCode}`)),
      );
    });
    asked.on('error', reject);
  });
}
