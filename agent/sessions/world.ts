/** What every session of an agent shares. */

import type { CoralError } from '../../proto/errors.js';
import type { PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Calibration, Kernel } from '../kernel/kernel.js';
import type { RedactionRules } from '../values/redact.js';
import type { EventBudget } from './limits/event-budget.js';
import type { Limits } from './limits/limits.js';
import type { ArmedElsewhere } from './plan/plan-part.js';
import type { Targets } from './ports.js';
import type { SpareMaps } from './spare-maps.js';

export interface World {
  agentId: string;
  kernel: Kernel;
  maps: SpareMaps;
  targets: Targets;
  limits: Limits;
  events: EventBudget;
  /** Which captured values never leave the host. */
  redaction: RedactionRules;
  /** Processes of a service that can be probed, as of the last look. */
  replicas: (service: string, patterns: readonly string[]) => number[];
  calibration: () => Calibration;
  /** Names of the kernel's loss counters, in their order. */
  lossReasons: readonly string[];
  /** Why no session can be opened on this host; null: they can. */
  refusal: () => CoralError | null;
  /** A fault of the agent's own, for its log. */
  report: (error: unknown) => void;
  /** A session has been armed. */
  opened: (armed: PartArmed, durationMs: number) => void;
  /** Sites of all sessions in an image. */
  armedElsewhere: ArmedElsewhere;
  /** Kernel memory of all sessions. */
  usedMemoryBytes: () => number;
}
