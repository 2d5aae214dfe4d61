/** Calls that are shown singly: with their values, within the agent's limit, to the sink. */

import type { CallBatch, CallValues } from '../../proto/gen/coral/live/v1/live.js';
import { addressNames } from '../captures/address-names.js';
import { MASKS_BYTES, type Showing, showArguments, showResults } from '../captures/show-values.js';
import type { ValueWishes } from '../captures/value-wishes.js';
import type { CallColumns } from '../kernel/kernel.js';
import type { SessionSink } from './ports.js';
import type { Probes } from './probes/probes.js';
import { packCalls } from './ticks/call-columns.js';
import type { World } from './world.js';

/** Values as JSON, without their place in a batch. */
type Shown = Omit<CallValues, 'index'>;

export class SingleCalls {
  /** Calls that the agent itself dropped. */
  readonly losses = { linkFull: 0, rateLimited: 0 };
  readonly #showings: (Showing | null)[] = [];
  /** Of the slowest calls, which stay for many ticks. */
  #slowest = new Map<bigint, Shown>();
  /** Calls from before the last change were made under other wishes: their values stay here. */
  #changedNs = 0n;

  constructor(
    private readonly sessionId: string,
    private readonly probes: Probes,
    private readonly world: World,
    private readonly wallOffsetNs: bigint,
    private wishes: ValueWishes,
  ) {}

  /** Shows other values from now on. */
  change(wishes: ValueWishes): void {
    this.wishes = wishes;
    this.#showings.length = 0;
    this.#changedNs = this.world.kernel.bootNs();
  }

  /** Sends what has come since the last time, and counts what cannot be sent. */
  send(sink: SessionSink): void {
    const calls = this.probes.session.takeCalls();
    if (calls === null) return;
    const taken = calls.callId.length;
    const granted = this.world.events.take(taken, this.world.kernel.bootNs());
    this.losses.rateLimited += taken - granted;
    if (granted === 0) return;
    const batch = this.#pack(calls, granted, (i) => this.#show(calls, i));
    if (!sink.calls(this.sessionId, batch)) this.losses.linkFull += granted;
  }

  /** The slowest calls so far. */
  packSlowest(calls: CallColumns): CallBatch {
    const known = this.#slowest;
    this.#slowest = new Map();
    return this.#pack(calls, calls.callId.length, (i) => {
      const callId = calls.callId[i]!;
      const shown = known.get(callId) ?? this.#show(calls, i);
      if (shown) this.#slowest.set(callId, shown);
      return shown;
    });
  }

  #pack(calls: CallColumns, count: number, show: (i: number) => Shown | null): CallBatch {
    const values: CallValues[] = [];
    for (let index = 0; index < count; index++) {
      const shown = show(index);
      if (shown) values.push({ index, ...shown });
    }
    return { ...packCalls(calls, count, this.wallOffsetNs, this.world.agentId), values };
  }

  #show(calls: CallColumns, i: number): Shown | null {
    const showing = calls.startNs[i]! < this.#changedNs ? null : this.#showingOf(calls.slot[i]!);
    const copied = showing && copiedFor(showing, calls, i);
    if (!copied) return null;
    const { captureArgs, captureReturn } = this.wishes;
    return {
      arguments: captureArgs ? json(showArguments(showing, copied.captures, copied.at)) : NONE,
      results: captureReturn ? json(showResults(showing, copied.captures, copied.at)) : NONE,
    };
  }

  #showingOf(slot: number): Showing | null {
    const known = this.#showings[slot];
    if (known !== undefined) return known;
    const showing = this.#showing(slot);
    this.#showings[slot] = showing;
    return showing;
  }

  #showing(slot: number): Showing | null {
    const { captureArgs, captureReturn } = this.wishes;
    const capture = this.probes.values[slot]?.capture;
    if (!capture || !(captureArgs || captureReturn)) return null;
    const { image, bias } = this.probes.slots[slot]!.mapped;
    return { capture, names: addressNames(image, bias), rules: this.world.redaction };
  }
}

interface Copied {
  captures: Buffer;
  at: number;
}

/** What the kernel copied of a call. Values that all lie where probes cannot see need nothing copied to say so. */
function copiedFor({ capture }: Showing, { captures, captureAt }: CallColumns, i: number): Copied | null {
  const at = captureAt[i]!;
  if (at >= 0) return { captures, at };
  return capture.entry.ops.length + capture.return.ops.length === 0 ? NOTHING_COPIED : null;
}

const NOTHING_COPIED: Copied = { captures: Buffer.alloc(MASKS_BYTES), at: 0 };
const NONE = Buffer.alloc(0);
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
