/** An agent of fakes, linked to a fake colony: all of the agent but the kernel, the processes and the files. */

import { Link, type LinkDuties } from '../link/link.js';
import { obeyOrder } from '../link/orders.js';
import { Outbox } from '../link/outbox.js';
import { EventBudget } from '../sessions/limits/event-budget.js';
import { DEFAULT_LIMITS, type Limits } from '../sessions/limits/limits.js';
import { Sessions } from '../sessions/sessions.js';
import { SpareMaps } from '../sessions/spare-maps.js';
import { DEFAULT_REDACTION } from '../values/redact.js';
import { FakeKernel } from './fake-kernel.js';
import { FakeTargets } from './fake-targets.js';

export function fakeSessions(kernel: FakeKernel, targets: FakeTargets, limits: Limits = DEFAULT_LIMITS): Sessions {
  return new Sessions({
    agentId: 'host-a',
    kernel,
    maps: new SpareMaps(kernel, limits.maxEventsPerSecond, 0),
    targets,
    limits,
    replicas: () => targets.replicas,
    redaction: DEFAULT_REDACTION,
    events: new EventBudget(limits.maxEventsPerSecond),
    calibration: () => kernel.calibrate(),
    lossReasons: ['ring_full'],
    refusal: () => null,
    report: () => undefined,
    opened: () => undefined,
  });
}

export function linkedAgent(address: string, pids: number[]) {
  const kernel = new FakeKernel();
  const targets = new FakeTargets(...pids);
  const sessions = fakeSessions(kernel, targets);
  const outbox = new Outbox();
  const link = new Link(address, outbox, duties(sessions, outbox));
  link.start();
  return { kernel, targets, sessions, link };
}

function duties(sessions: Sessions, outbox: Outbox): LinkDuties {
  const unexpected = async (): Promise<never> => {
    throw new Error('not asked in this test');
  };
  return {
    hello: () => ({
      status: undefined,
      bootId: 'boot',
      sessions: sessions.unfinished().map((info) => ({ info })),
    }),
    services: () => [],
    obey: (order, send) =>
      obeyOrder(
        order,
        { sessions, sink: outbox, explain: unexpected, index: unexpected, listServices: unexpected, report: () => undefined },
        send,
      ),
    tickAcknowledged: (sessionId, seq) => sessions.acknowledgeTick(sessionId, seq),
    endAcknowledged: (sessionId) => sessions.acknowledgeEnd(sessionId),
    linked: () => {
      sessions.startOver();
      for (const end of sessions.pendingEnds()) outbox.end(end);
    },
    lost: () => undefined,
  };
}
