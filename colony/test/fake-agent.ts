/** An agent over the real wire whose figures a test decides. */

import { credentials } from '@grpc/grpc-js';
import {
  FleetClient,
  type LinkRequest,
  type LinkResponse,
  type Order,
  OrderResult,
  type PartArmed,
  type RunningSession,
} from '../../proto/gen/coral/fleet/v1/fleet.js';
import { AgentStatus, FunctionPlan, Service, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { packFunctions } from '../../snapshots/columns/functions.js';
import { emptyHistogram } from '../../snapshots/histogram/arithmetic.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';

type Up = NonNullable<LinkRequest['frame']>;
type Down = NonNullable<LinkResponse['frame']>;

export interface FakeAgentOptions {
  readonly id?: string;
  readonly services?: Partial<Service>[];
  /** Sessions that it claims to run when it links. */
  readonly running?: RunningSession[];
  /** Its answers to orders; by default it arms what it is asked, in every pid, and ends what it is told to end. */
  readonly obey?: (order: Order, agent: FakeAgent) => Partial<OrderResult> | undefined;
}

/** Calls per slot, each of `durationNs`. */
export interface SlotCalls {
  readonly calls: number;
  readonly durationNs: number;
}

export class FakeAgent {
  readonly id: string;
  readonly received: Down[] = [];
  readonly armed = new Map<string, PartArmed>();
  readonly #client: FleetClient;
  readonly #call: ReturnType<FleetClient['link']>;
  readonly #waiting: { test: (frame: Down) => boolean; resolve: (frame: Down) => void }[] = [];
  #seq = 0;

  constructor(
    address: string,
    private readonly options: FakeAgentOptions = {},
  ) {
    this.id = options.id ?? 'host-a';
    this.#client = new FleetClient(address, credentials.createInsecure());
    this.#call = this.#client.link();
    this.#call.on('error', () => undefined);
    this.#call.on('data', (message: LinkResponse) => this.#receive(message.frame!));
    const status = AgentStatus.fromPartial({ agentId: this.id, version: 'test', canDebugUprobes: true });
    this.send({ $case: 'hello', value: { status, bootId: 'boot', sessions: options.running ?? [] } });
    const services = options.services ?? [{ service: 'checkout', pid: 4711, executable: '/srv/checkout' }];
    const listed = services.map((service) => Service.fromPartial({ language: 'go', probeable: true, ...service }));
    this.send({ $case: 'services', value: { services: listed } });
  }

  send(frame: Up): void {
    this.#call.write({ frame });
  }

  /** The first frame, received already or to come, that fits. */
  next<Case extends Down['$case']>(kind: Case, nth = 1): Promise<Extract<Down, { $case: Case }>['value']> {
    const test = (): boolean => this.received.filter((frame) => frame.$case === kind).length >= nth;
    const found = (): never => this.received.filter((frame) => frame.$case === kind)[nth - 1]!.value as never;
    if (test()) return Promise.resolve(found());
    return new Promise((resolve) => this.#waiting.push({ test, resolve: () => resolve(found()) }));
  }

  /** Sends a tick: absolute figures of the first slots. */
  tick(sessionId: string, slots: readonly SlotCalls[]): void {
    this.send({ $case: 'tick', value: this.tickOf(sessionId, slots) });
  }

  tickOf(sessionId: string, slots: readonly SlotCalls[]): SessionTick {
    const seq = ++this.#seq;
    const counts = slots.map(({ calls }) => calls);
    const durations = slots.map(({ durationNs }) => durationNs);
    const none = slots.map(() => 0);
    return SessionTick.fromPartial({
      sessionId,
      seq,
      at: nsToTimestamp(BigInt(Date.now()) * 1_000_000n),
      elapsedNs: seq * 200_000_000,
      functions: packFunctions({
        row: slots.map((_, slot) => slot),
        calls: counts,
        returns: counts,
        inFlight: none,
        unwound: none,
        untracked: none,
        joinedMidCall: none,
        sumNs: slots.map(({ calls, durationNs }) => calls * durationNs),
        minNs: durations,
        maxNs: durations,
        histograms: slots.map(() => emptyHistogram()),
      }),
    });
  }

  /** The last word on a part. */
  end(sessionId: string, reason: string, slots: readonly SlotCalls[]): void {
    const tick = { ...this.tickOf(sessionId, slots), final: true };
    const value = { sessionId, reason, tick, endedAt: tick.at, textVerified: true, textDetail: '' };
    this.send({ $case: 'end', value });
  }

  /** Cuts the link. */
  close(): void {
    this.#call.cancel();
    this.#client.close();
  }

  #receive(frame: Down): void {
    this.received.push(frame);
    if (frame.$case === 'order') this.#obey(frame.value);
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.test(frame)) waiting.resolve(frame);
      else this.#waiting.push(waiting);
    }
  }

  #obey(order: Order): void {
    const own = this.options.obey?.(order, this);
    const result = own ?? this.#default(order);
    this.send({ $case: 'result', value: OrderResult.fromPartial({ orderId: order.id, ...result }) });
  }

  #default({ order }: Order): Partial<OrderResult> {
    if (order?.$case === 'open')
      return {
        result: { $case: 'armed', value: this.#arm(order.value.sessionId, order.value.pids, order.value.request!.functions) },
      };
    if (order?.$case === 'close') this.end(order.value.sessionId, order.value.reason, []);
    return {};
  }

  #arm(sessionId: string, pids: readonly number[], functions: readonly string[]): PartArmed {
    const slots = pids.flatMap((pid) =>
      functions.map((name) => FunctionPlan.fromPartial({ name, pid, language: 'go', probeable: true })),
    );
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const armed = {
      sessionId,
      slots,
      refused: [],
      startedAt: nsToTimestamp(nowNs),
      expiresAt: nsToTimestamp(nowNs + 60_000_000_000n),
      buildIds: ['b1'],
      estimatedHitCostNs: 900,
    };
    this.armed.set(sessionId, armed);
    return armed;
  }
}
