/** A colony on a unix socket that keeps what it hears, and acknowledges unless told not to. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import {
  FleetService,
  type LinkRequest,
  type LinkResponse,
  type Order,
  type OrderResult,
} from '../../proto/gen/coral/fleet/v1/fleet.js';

type Received = NonNullable<LinkRequest['frame']>;
type FrameOf<Case extends Received['$case']> = Extract<Received, { $case: Case }>['value'];

const LONGEST_WAIT_MS = 60_000;

export class FakeColony {
  readonly frames: Received[] = [];
  acknowledgeTicks = true;
  acknowledgeEnds = true;
  answerBeats = true;
  #server = new Server();
  #call: ServerDuplexStream<LinkRequest, LinkResponse> | undefined;
  #waiting: (() => void)[] = [];
  #orders = 0;

  constructor(private readonly directory = mkdtempSync(join(tmpdir(), 'coral-fake-colony-'))) {}

  get address(): string {
    return `unix:${join(this.directory, 'colony.sock')}`;
  }

  async listen(): Promise<this> {
    this.#server = new Server();
    this.#server.addService(FleetService, { link: (call: ServerDuplexStream<LinkRequest, LinkResponse>) => this.#serve(call) });
    await new Promise<void>((resolve, reject) => {
      this.#server.bindAsync(this.address, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
    });
    return this;
  }

  /** Cuts every link at once; `listen` takes new ones. */
  die(): void {
    this.#server.forceShutdown();
  }

  stop(): void {
    this.die();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Gives an order and waits for its result. */
  async order(order: NonNullable<Order['order']>): Promise<OrderResult> {
    this.#orders += 1;
    const id = this.#orders;
    this.#call?.write({ frame: { $case: 'order', value: { id, order } } });
    return this.find('result', (result) => result.orderId === id);
  }

  acknowledgeEnd(sessionId: string): void {
    this.#call?.write({ frame: { $case: 'endAck', value: { sessionId } } });
  }

  /** The first frame of a kind that satisfies the predicate, now or later; throws where none came in a minute. */
  async find<Case extends Received['$case']>(
    kind: Case,
    wanted: (value: FrameOf<Case>) => boolean = () => true,
  ): Promise<FrameOf<Case>> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, LONGEST_WAIT_MS);
    try {
      for (;;) {
        const found = this.all(kind).find(wanted);
        if (found) return found;
        if (isLate) throw new Error(`no ${kind} as wanted came in ${LONGEST_WAIT_MS / 1000} s`);
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  all<Case extends Received['$case']>(kind: Case): FrameOf<Case>[] {
    return this.frames.flatMap((frame) => (frame.$case === kind ? [frame.value as FrameOf<Case>] : []));
  }

  #serve(call: ServerDuplexStream<LinkRequest, LinkResponse>): void {
    this.#call = call;
    call.on('data', ({ frame }: LinkRequest) => {
      if (frame) this.#receive(frame);
    });
    call.on('error', () => undefined);
    call.on('end', () => call.end());
  }

  #receive(frame: Received): void {
    this.frames.push(frame);
    if (frame.$case === 'hello') this.#call?.write({ frame: { $case: 'welcome', value: { colonyVersion: 'fake' } } });
    if (frame.$case === 'heartbeat' && this.answerBeats) this.#call?.write({ frame });
    if (frame.$case === 'tick' && this.acknowledgeTicks) {
      this.#call?.write({ frame: { $case: 'tickAck', value: { sessionId: frame.value.sessionId, seq: frame.value.seq } } });
    }
    if (frame.$case === 'end' && this.acknowledgeEnds) this.acknowledgeEnd(frame.value.sessionId);
    this.#wake();
  }

  /** All who wait look again. */
  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
