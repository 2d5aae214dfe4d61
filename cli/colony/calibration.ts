/** Waiting for an agent that has just started to have measured what a probe costs. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Colony } from '../../proto/client.js';
import type { GetStatusResponse } from '../../proto/gen/coral/colony/v1/debug.js';

const TIMEOUT_MS = 3000;
const POLL_MS = 50;

/** The status once every linked agent that can probe has its costs; after 3 s as it is. */
export async function untilCalibrated(colony: Colony, status: GetStatusResponse): Promise<GetStatusResponse> {
  const giveUpAt = performance.now() + TIMEOUT_MS;
  let latest = status;
  while (latest.agents.some(uncalibrated) && performance.now() < giveUpAt) {
    await sleep(POLL_MS);
    latest = await colony.getStatus({});
  }
  return latest;
}

const uncalibrated = ({ state, canDebugUprobes, emulatedHitNs }: GetStatusResponse['agents'][number]): boolean =>
  state === 'linked' && canDebugUprobes && emulatedHitNs === 0;
