/** A colony put together: agents in, sessions, RPCs out. What listens and what is written down is handed in. */

import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { FleetService } from '../proto/gen/coral/fleet/v1/fleet.js';
import { debugService, debugServiceDefinition } from './debug/debug-service.js';
import { Fleet } from './fleet/fleet.js';
import { fleetService } from './fleet/link.js';
import { Attendance } from './sessions/attendance.js';
import { closeSession } from './sessions/close-session.js';
import type { SessionRules } from './sessions/open-session.js';
import { Sessions } from './sessions/sessions.js';
import type { History } from './store/ports.js';
import type { RpcService } from './wire/listen.js';
import type { Activity } from './wire/rpc.js';

export interface ColonyParts {
  readonly version: string;
  readonly rules: SessionRules;
  readonly history: History;
  readonly activity?: Activity;
  /** How long an agent's link may be gone before its sessions end as agent_lost, ms. */
  readonly lostAfterMs: number;
  /** How long a question may wait for the first agent, ms. */
  readonly agentWaitMs: number;
  /** One line for the log. */
  readonly say: (line: string) => void;
}

/** Of a colony that runs until it is told to end. */
export const ALWAYS_NEEDED: Activity = { touch: () => undefined, enter: () => () => undefined };

export interface Colony {
  readonly fleet: Fleet;
  readonly sessions: Sessions;
  readonly services: readonly RpcService[];
  /** Ends every session as interrupted; resolves when their probes are off and their ends are written. */
  close(): Promise<void>;
}

export function buildColony(parts: ColonyParts): Colony {
  const fleet = new Fleet();
  const sessions = new Sessions({ fleet, history: parts.history, lostAfterMs: parts.lostAfterMs });
  const attendance = new Attendance((session) => void closeSession(session, 'interrupted', fleet));
  const refused = (agentId: string, error: unknown): void => parts.say(`link of agent ${agentId} cut: ${String(error)}`);
  parts.history.trouble = (code, message) => {
    parts.say(message);
    for (const session of sessions.open) session.notice(code, message);
  };
  const world = { activity: ALWAYS_NEEDED, ...parts, fleet, sessions, attendance };
  return {
    fleet,
    sessions,
    services: [
      { definition: debugServiceDefinition, implementation: debugService(world) as UntypedServiceImplementation },
      { definition: FleetService, implementation: fleetService(fleet, parts.version, refused) as UntypedServiceImplementation },
    ],
    close: async () => {
      await Promise.all(sessions.open.map((session) => closeSession(session, 'interrupted', fleet)));
      attendance.close();
      sessions.close();
      await parts.history.close();
    },
  };
}
