/** Tells programs with the SDK that they are being looked at. Best effort: a program that does not answer is probed all the same. */

import { credentials, Metadata } from '@grpc/grpc-js';
import { CHANNEL_OPTIONS, localAddress } from '../../proto/address.js';
import type { PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import { RuntimeMonitoringClient } from '../../proto/gen/coral/sdk/v1/sdk.js';
import { processIdentity } from '../procfs/process-facts.js';
import type { Registration, Registry } from './registry.js';

const TOKEN_KEY = 'coral-token';

/** One session, as a program is told of it. */
export interface SessionNews {
  sessionId: string;
  functionName: string;
  durationMs: number;
}

/** Tells each program of a session that registered; failures are said, nobody waits. */
export function tellPrograms(
  registry: Registry,
  armed: PartArmed,
  durationMs: number,
  timeoutMs: number,
  say: (line: string) => void,
): void {
  for (const pid of new Set(armed.slots.map((slot) => slot.pid))) {
    const registration = registry.find(pid, processIdentity);
    if (!registration) continue;
    const functionName = armed.slots
      .filter((slot) => slot.pid === pid)
      .map((slot) => slot.name)
      .join(', ');
    void notifyProgram(registration, { sessionId: armed.sessionId, functionName, durationMs }, timeoutMs).then((failure) => {
      if (failure !== '') say(`process ${pid} could not be told of session ${armed.sessionId}: ${failure}`);
    });
  }
}

/** Resolves when the program has answered, or with why it has not. */
export async function notifyProgram(registration: Registration, news: SessionNews, timeoutMs: number): Promise<string> {
  if (registration.monitoringAddress === '') return '';
  const client = new RuntimeMonitoringClient(
    localAddress(registration.monitoringAddress),
    credentials.createInsecure(),
    CHANNEL_OPTIONS,
  );
  const metadata = new Metadata();
  metadata.set(TOKEN_KEY, registration.token);
  const request = { sessionId: news.sessionId, functionName: news.functionName, duration: toDuration(news.durationMs) };
  try {
    return await new Promise<string>((resolve) => {
      client.notifyDebugSession(request, metadata, { deadline: Date.now() + timeoutMs }, (error) =>
        resolve(error?.message ?? ''),
      );
    });
  } finally {
    client.close();
  }
}

function toDuration(ms: number) {
  return { seconds: Math.trunc(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) };
}
