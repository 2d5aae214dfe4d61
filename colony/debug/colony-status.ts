/** ListServices, GetStatus and Attend: who is here. */

import type {
  AttendRequest,
  AttendResponse,
  GetStatusRequest,
  GetStatusResponse,
  ListServicesRequest,
  ListServicesResponse,
} from '../../proto/gen/coral/colony/v1/debug.js';
import { aborted, type Outlet } from '../wire/rpc.js';
import { freshServices } from './fresh-services.js';
import type { DebugWorld } from './world.js';

/** All processes of the agents that are here. */
export async function listServices({ fresh }: ListServicesRequest, world: DebugWorld): Promise<ListServicesResponse> {
  await world.fleet.ready(world.agentWaitMs);
  return { services: fresh ? await freshServices(world, { hasty: false }) : world.fleet.services() };
}

export function status(request: GetStatusRequest, world: DebugWorld): GetStatusResponse {
  const { history } = world;
  const unreportedEnds = [...history.unreportedEnds];
  if (request.takeUnreportedEnds) history.takeUnreportedEnds();
  return {
    version: world.version,
    pid: process.pid,
    agents: world.fleet.agents.map((agent) => agent.status),
    historyPath: history.path,
    historyError: history.error,
    openSessions: world.sessions.open.length,
    unreportedEnds,
  };
}

/** Says hello and stays until the caller goes. */
export async function attend(_: AttendRequest, outlet: Outlet<AttendResponse>, { version }: DebugWorld): Promise<void> {
  outlet.write({ version });
  await aborted(outlet.signal);
}
