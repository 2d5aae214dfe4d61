/** DebugService: each RPC to its body. */

import type { handleUnaryCall } from '@grpc/grpc-js';
import { CoralError } from '../../proto/errors.js';
import {
  type DebugServiceServer,
  DebugServiceService,
  type ExplainFunctionRequest,
} from '../../proto/gen/coral/colony/v1/debug.js';
import { serverStream, unary } from '../wire/rpc.js';
import { attachUprobe } from './attach.js';
import { attend, listServices, status } from './colony-status.js';
import { detach } from './detach.js';
import { explain, listFunctions } from './functions.js';
import { listSessions } from './list-sessions.js';
import { open, update } from './open.js';
import { queryHistory, snapshotOf } from './past.js';
import { watch } from './watch.js';
import type { DebugWorld } from './world.js';

/** As the wire has it; what an agent explains is passed on as it came. */
export const debugServiceDefinition = {
  ...DebugServiceService,
  explainFunction: { ...DebugServiceService.explainFunction, responseSerialize: (explained: Buffer) => explained },
};

type Implementation = Omit<DebugServiceServer, 'explainFunction'> & {
  explainFunction: handleUnaryCall<ExplainFunctionRequest, Buffer>;
};

export function debugService(world: DebugWorld): Implementation {
  const { activity } = world;
  return {
    attachUprobe: serverStream(activity, (request, outlet) => attachUprobe(request, outlet, world)),
    detachUprobe: unary(activity, (request) => detach(request, world)),
    listDebugSessions: unary(activity, async (request) => ({ sessions: await listSessions(request, world) })),
    traceRequestPath: serverStream(activity, notImplemented),
    openSession: unary(activity, (request, context) => open(request, context, world)),
    updateSession: unary(activity, (request) => update(request, world)),
    watchSession: serverStream(activity, (request, outlet) => watch(request, outlet, world)),
    getSnapshot: unary(activity, async ({ sessionId }) => ({ snapshot: await snapshotOf(sessionId, world) })),
    listServices: unary(activity, (request) => listServices(request, world)),
    listFunctions: serverStream(activity, (request, outlet) => listFunctions(request, outlet, world)),
    explainFunction: unary(activity, (request) => explain(request, world)),
    queryHistory: unary(activity, (request) => queryHistory(request, world)),
    getStatus: unary(activity, (request) => status(request, world)),
    attend: serverStream(activity, (request, outlet) => attend(request, outlet, world)),
  };
}

async function notImplemented(): Promise<void> {
  throw new CoralError(
    'NOT_IMPLEMENTED',
    'this colony does not trace request paths yet',
    'attach to the handler instead: `coral debug attach SERVICE --function HANDLER` shows the call tree below it',
  );
}
