/** ListFunctions and ExplainFunction: what an agent knows of a program. */

import { CoralError } from '../../proto/errors.js';
import type {
  ExplainFunctionRequest,
  ListFunctionsRequest,
  ListFunctionsResponse,
} from '../../proto/gen/coral/colony/v1/debug.js';
import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import type { Agent } from '../fleet/agent.js';
import { unreachable } from '../fleet/orders.js';
import { matching } from '../resolve/resolve-service.js';
import type { Outlet } from '../wire/rpc.js';
import { freshServices } from './fresh-services.js';
import type { DebugWorld } from './world.js';

/** A large program's first index takes seconds. */
const INDEX_TIMEOUT_MS = 45_000;

/** Streams the function index of a process of the service as its agent packed it. */
export async function listFunctions(
  request: ListFunctionsRequest,
  outlet: Outlet<ListFunctionsResponse>,
  world: DebugWorld,
): Promise<void> {
  const process = await findProcess(request.serviceName, request.pid, world);
  const chunks: Buffer[] = [];
  const { result } = await agentOf(process, world).order(
    { $case: 'getIndex', value: { pid: process.pid, knownBuildId: request.knownBuildId } },
    { timeoutMs: INDEX_TIMEOUT_MS, onChunk: (chunk) => chunks.push(chunk) },
  );
  if (result?.$case !== 'index') throw new CoralError('INTERNAL', `agent ${process.agentId} sent no function index`);
  const head = { serviceName: process.service, ...result.value };
  outlet.write({ ...head, chunk: chunks[0] ?? Buffer.alloc(0) });
  for (const chunk of chunks.slice(1)) outlet.write({ ...head, chunk });
}

/** The sites of functions with their proofs: an ExplainFunctionResponse as its agent wrote it. */
export async function explain(request: ExplainFunctionRequest, world: DebugWorld): Promise<Buffer> {
  const process = await findProcess(request.serviceName, request.pid, world);
  const { result } = await agentOf(process, world).order(
    { $case: 'explain', value: { ...request, pid: process.pid } },
    { timeoutMs: INDEX_TIMEOUT_MS },
  );
  if (result?.$case !== 'explained') throw new CoralError('INTERNAL', `agent ${process.agentId} explained nothing`);
  return result.value;
}

/** One process of the service: the asked one, else the first that can be probed. */
async function findProcess(service: string, pid: number, world: DebugWorld): Promise<Service> {
  await world.fleet.ready(world.agentWaitMs);
  return pick(await freshServices(world, { hasty: true }), service, pid);
}

function pick(services: readonly Service[], service: string, pid: number): Service {
  const processes = matching(services, service);
  const asked =
    pid === 0 ? (processes.find((process) => process.probeable) ?? processes[0]) : processes.find((p) => p.pid === pid);
  if (asked !== undefined) return asked;
  const running = processes.map((process) => process.pid);
  throw new CoralError('PROCESS_NOT_FOUND', `${service} has no process ${pid}`, `it runs as ${running.join(', ')}`, {
    pid,
    running,
  });
}

function agentOf(process: Service, world: DebugWorld): Agent {
  const agent = world.fleet.agent(process.agentId);
  if (agent === undefined) throw unreachable(process.agentId, 'it is not known any more');
  return agent;
}
