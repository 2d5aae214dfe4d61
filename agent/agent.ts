/** The agent's parts, joined. */

import type { AgentConfig } from './config.js';
import { Explainer } from './explain/explain-functions.js';
import { IndexPacker } from './explain/pack-index.js';
import { type Host, probeHost } from './host.js';
import { LOSSES } from './kernel/limits.js';
import { openKernel } from './kernel/open-kernel.js';
import { Link, type LinkDuties } from './link/link.js';
import { type OrderDuties, obeyOrder } from './link/orders.js';
import { Outbox } from './link/outbox.js';
import { ImageCache } from './procfs/image-cache.js';
import { processIdentity, readFacts } from './procfs/process-facts.js';
import { replicasOf } from './procfs/resolve-service.js';
import { ProcessScan } from './procfs/scan-processes.js';
import { tellPrograms } from './sdk/notify.js';
import { Registry } from './sdk/registry.js';
import type { SdkDuties } from './sdk/serve-sdk.js';
import { ServiceList } from './services/service-list.js';
import { EventBudget } from './sessions/limits/event-budget.js';
import { Sessions } from './sessions/sessions.js';
import { SpareMaps } from './sessions/spare-maps.js';
import { decideSites, summarizeSites } from './sites/decide-sites.js';
import { once } from './symbols/name-index.js';
import { Decisions } from './targets/decisions.js';
import { RealTargets } from './targets/real-targets.js';

/** What happens that is not the link's or a session's. */
export interface AgentEvents {
  /** A line for the agent's log. */
  say(line: string): void;
  /** A link that was up is gone (`failures` 0), or could not be had so many times in a row. */
  linkLost(reason: string, failures: number): void;
}

export interface Agent {
  sessions: Sessions;
  services: ServiceList;
  sdkDuties: SdkDuties;
  /** Looks at the processes and dials. */
  start(): void;
  stop(): void;
}

/** Builds the agent of this host. Nothing runs yet. */
export function buildAgent(config: AgentConfig, events: AgentEvents): Agent {
  const kernel = openKernel(config.kernelWithout);
  const host = once(() => probeHost(kernel, config));
  const images = new ImageCache();
  const targets = new RealTargets(kernel, images, new Decisions(decideSites), () => host().hasSessionProbes, config.requireDwarf);
  const registry = new Registry();
  const outbox = new Outbox();
  const maps = new SpareMaps(kernel, config.limits.maxEventsPerSecond, config.limits.maxMemoryBytes / 4);
  const sessions = new Sessions({
    ...config,
    kernel,
    maps,
    targets,
    events: new EventBudget(config.limits.maxEventsPerSecond),
    replicas: (service, patterns) => replicasOf(service, services.services, patterns),
    calibration: () => host().calibration,
    lossReasons: LOSSES.map(({ reason }) => reason),
    refusal: () => host().refusal,
    report: (error) => reportFault(error, events),
    opened: (armed, durationMs) => tellPrograms(registry, armed, durationMs, config.sdk.timeoutMs, events.say),
  });
  const services = new ServiceList({
    ...config,
    scan: new ProcessScan(images),
    registry,
    sessionsOf: (pid) => sessions.countFor(pid),
    isBusy: () => sessions.openCount > 0,
    changed: () => link.sendServices(),
  });
  const orders = orderDuties({ sessions, services, targets, outbox, events });
  const link = new Link(config.colony, outbox, linkDuties({ host, events, sessions, services, outbox, orders, maps }));
  return {
    sessions,
    services,
    sdkDuties: { registry, identity: processIdentity, uid: (pid) => readFacts(pid)?.uid ?? null, changed: () => services.look() },
    start: () => {
      link.start();
      services.look({ hasty: true });
      services.start();
    },
    stop: () => {
      services.stop();
      link.close();
      maps.close();
    },
  };
}

interface Parts {
  sessions: Sessions;
  services: ServiceList;
  outbox: Outbox;
  events: AgentEvents;
}

function reportFault(error: unknown, { say }: AgentEvents): void {
  say(`fault of the agent: ${error instanceof Error ? error.stack : String(error)}`);
}

function orderDuties({ sessions, services, outbox, targets, events }: Parts & { targets: RealTargets }): OrderDuties {
  const explainer = new Explainer({
    targets,
    executable: (pid) => targets.executable(pid),
    summarize: summarizeSites,
    picked: (fn) => targets.picked(fn),
  });
  const packer = new IndexPacker();
  return {
    sessions,
    sink: outbox,
    explain: (request) => explainer.explain(request),
    index: async (request) => packer.pack(targets.executable(request.pid).image, request),
    listServices: async (how) => services.look(how),
    report: (error) => reportFault(error, events),
  };
}

function linkDuties({
  sessions,
  services,
  outbox,
  events,
  host,
  orders,
  maps,
}: Parts & { host: () => Host; orders: OrderDuties; maps: SpareMaps }): LinkDuties {
  return {
    hello: () => ({ status: host().status, bootId: host().bootId, sessions: sessions.unfinished().map((info) => ({ info })) }),
    services: () => services.services,
    obey: (order, send) => obeyOrder(order, orders, send),
    tickAcknowledged: (sessionId, seq) => sessions.acknowledgeTick(sessionId, seq),
    endAcknowledged: (sessionId) => sessions.acknowledgeEnd(sessionId),
    linked: () => {
      if (host().refusal === null) maps.prepareLater();
      sessions.startOver();
      for (const end of sessions.pendingEnds()) outbox.end(end);
    },
    lost: (reason, failures) => events.linkLost(reason, failures),
  };
}
