/** A feed without a colony: made-up services and a session whose numbers the test (or a clock) moves on. */

import { CoralError } from '../../proto/errors.js';
import type { FunctionIndex } from '../../proto/function-index.js';
import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import { FunctionPlan, Service, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason, SingleCall, Snapshot } from '../../snapshots/document.js';
import type { Feed, FeedStatus, OpenRequest, WatchEvent, Wishes } from '../feed/feed.js';
import { fakeSnapshot } from './fake-snapshot.js';

export const NAMES = [
  'main.main',
  'main.(*Server).Checkout',
  'main.validateCard',
  'main.processPayment',
  'main.(*Inventory).Reserve',
  'main.(*Order).validate',
  'main.hash',
  'github.com/acme/rules.(*Set).Validate',
  'net/http.(*conn).serve',
  'runtime.gcBgMarkWorker',
];

/** An index of the given names. */
export function indexOf(names: readonly string[]): FunctionIndex {
  const column = (value: (i: number) => number): Uint32Array => Uint32Array.from(names, (_, i) => value(i));
  return {
    names,
    files: ['/src/checkout/server.go', '/src/checkout/payment.go'],
    file: column((i) => i % 2),
    line: column((i) => 20 + i),
    size: column((i) => 64 + i * 37),
    inlined: column((i) => (i % 5 === 3 ? 2 : 0)),
    offset: Float64Array.from(names, (_, i) => 0x1000 + i * 64),
  };
}

export class FakeFeed implements Feed {
  readonly name = 'fake';
  readonly live = true;
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  names: readonly string[] = NAMES;
  refuse = new Map<string, string>();
  serviceList: Service[] = [
    service('checkout', 4711, { cpuPercent: 12.4, functionCount: 3214 }),
    service('payments', 4712, { cpuPercent: 3.1, functionCount: 2980 }),
    service('sshd', 801, { language: 'c', languageVersion: '', probeable: false, reason: 'no symbols: stripped' }),
  ];
  /** Changes what the made-up load would say. */
  alter: (snapshot: Snapshot) => Snapshot = (snapshot) => snapshot;
  sessionList: DebugSession[] = [];
  past: { session: DebugSession; snapshot: Snapshot }[] = [];
  private listeners = new Map<string, (event: WatchEvent) => void>();
  private functionsOf = new Map<string, readonly string[]>();
  seconds = 0;

  async status(): Promise<FeedStatus> {
    return { agents: [], historyError: '', unreportedEnds: [] };
  }

  async services(): Promise<readonly Service[]> {
    return this.serviceList;
  }

  async functions(name: string): Promise<FunctionIndex> {
    this.asked.push(`functions ${name}`);
    return indexOf(this.names);
  }

  async explain(_service: string, names: readonly string[]): Promise<readonly FunctionPlan[]> {
    return names.map((name) => plan(name, this.refuse.get(name)));
  }

  async open(request: OpenRequest): Promise<SessionInfo> {
    this.asked.push(`open ${request.service} ${request.functions.join(',')}`);
    const refused = request.functions.find((name) => this.refuse.has(name));
    if (refused !== undefined)
      throw new CoralError('ALL_REFUSED', `${refused}: ${this.refuse.get(refused)}`, 'choose a caller of it');
    const id = `dbg-${this.listeners.size + 1}`;
    this.functionsOf.set(id, request.functions);
    return this.info(id, request.service);
  }

  async addFunctions(id: string, functions: readonly string[]): Promise<SessionInfo> {
    this.asked.push(`add ${id} ${functions.join(',')}`);
    this.functionsOf.set(id, [...(this.functionsOf.get(id) ?? []), ...functions]);
    return this.info(id, 'checkout');
  }

  async change(id: string, wishes: Wishes): Promise<SessionInfo> {
    this.asked.push(`change ${id} ${JSON.stringify(wishes)}`);
    const bad = wishes.filters.find((filter) => filter.includes('?'));
    if (bad !== undefined) {
      throw new CoralError(
        'USAGE',
        `--filter '${bad}': unexpected character at character ${bad.indexOf('?') + 1}`,
        'write n > 1',
      );
    }
    return this.info(id, 'checkout');
  }

  async withProcesses(id: string): Promise<Snapshot> {
    const document = this.document(id);
    const half = document.functions.map((f) => ({ ...f, calls: Number(f.calls) / 2 }));
    return { ...document, by_pid: document.pids.map((pid) => ({ pid, functions: half })) };
  }

  async extend(id: string, expiresAtMs: number): Promise<SessionInfo> {
    this.asked.push(`extend ${id} ${expiresAtMs}`);
    return { ...this.info(id, 'checkout'), expiresAt: { seconds: Math.floor(expiresAtMs / 1000), nanos: 0 } };
  }

  async detach(id: string): Promise<void> {
    this.asked.push(`detach ${id}`);
    this.end(id, 'detached');
  }

  watch(id: string, listen: (event: WatchEvent) => void): () => void {
    this.asked.push(`watch ${id}`);
    this.listeners.set(id, listen);
    listen({ kind: 'session', info: this.info(id, 'checkout') });
    return () => this.listeners.delete(id);
  }

  async sessions(): Promise<readonly DebugSession[]> {
    return this.sessionList;
  }

  async history(): Promise<readonly { session: DebugSession; snapshot: Snapshot }[]> {
    return this.past;
  }

  async snapshot(id: string): Promise<string> {
    this.asked.push(`snapshot ${id}`);
    return JSON.stringify(this.document(id));
  }

  close(): void {
    this.asked.push('close');
  }

  /** Moves the session on and tells its watcher. */
  advance(id: string, seconds: number): void {
    this.seconds += seconds;
    this.listeners.get(id)?.({ kind: 'reading', reading: { snapshot: this.document(id), rowCostNs: [2e6, 1e6], lagMs: 40 } });
  }

  end(id: string, reason: EndReason): void {
    const snapshot = { ...this.document(id), end_reason: reason };
    this.listeners.get(id)?.({ kind: 'ended', reading: { snapshot, rowCostNs: [] } });
  }

  notice(id: string, code: string, message: string): void {
    this.listeners.get(id)?.({ kind: 'notice', code, message });
  }

  show(id: string, calls: readonly SingleCall[]): void {
    this.listeners.get(id)?.({ kind: 'calls', calls });
  }

  fail(id: string, error: Error): void {
    this.listeners.get(id)?.({ kind: 'failed', error });
  }

  private document(id: string): Snapshot {
    return this.alter(fakeSnapshot(id, this.functionsOf.get(id) ?? [], this.seconds));
  }

  private info(id: string, name: string): SessionInfo {
    const functions = (this.functionsOf.get(id) ?? []).map((f) => plan(f));
    const expiresAt = { seconds: Math.floor(Date.now() / 1000) + 60, nanos: 0 };
    return SessionInfo.fromPartial({ sessionId: id, service: name, functions, expiresAt, pids: [4711] });
  }
}

export function service(name: string, pid: number, rest: Partial<Service> = {}): Service {
  return Service.fromPartial({
    service: name,
    pid,
    language: 'go',
    languageVersion: 'go1.26',
    symbols: 'pclntab',
    executable: `/usr/local/bin/${name}`,
    probeable: true,
    ...rest,
  });
}

export function plan(name: string, refusal = ''): FunctionPlan {
  return FunctionPlan.fromPartial({
    name,
    probeable: refusal === '',
    reason: refusal,
    entryCost: 'emulated',
    returnSites: 2,
    how: 'timed',
  });
}
