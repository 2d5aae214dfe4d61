/** What the RPCs of DebugService work on. */

import type { Fleet } from '../fleet/fleet.js';
import type { Attendance } from '../sessions/attendance.js';
import type { SessionRules } from '../sessions/open-session.js';
import type { Sessions } from '../sessions/sessions.js';
import type { History } from '../store/ports.js';
import type { Activity } from '../wire/rpc.js';

export interface DebugWorld {
  readonly fleet: Fleet;
  readonly sessions: Sessions;
  readonly attendance: Attendance;
  readonly history: History;
  readonly rules: SessionRules;
  readonly activity: Activity;
  readonly version: string;
  /** How long a question may wait for the first agent, ms. */
  readonly agentWaitMs: number;
}
