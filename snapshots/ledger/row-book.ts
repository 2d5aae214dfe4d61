import type { AgentPart, FunctionPlan, SessionInfo, Site } from '../../proto/gen/coral/live/v1/live.js';
import type { Part } from './part.js';
import { type Row, sumSlots, type WaitingValues } from './row.js';

/** A slot of a part: what a row is summed from. */
interface Member {
  part: Part;
  slot: number;
}

/** The rows of a session: which function has which number, and their sums, kept until a part says something new. */
export class RowBook {
  #info: SessionInfo;
  readonly #rowOfName = new Map<string, number>();
  readonly #revisions: number[] = [];
  readonly #stale = new Set<number>();
  #rows: readonly Row[] = [];

  constructor(info: SessionInfo) {
    this.#info = info;
    this.replaceInfo(info);
  }

  get info(): SessionInfo {
    return this.#info;
  }

  /** Takes another description of the session; rows keep their numbers. */
  replaceInfo(info: SessionInfo): void {
    this.#info = info;
    this.#rows = [];
    info.functions.forEach((plan, row) => {
      this.#rowOfName.set(plan.name, row);
    });
  }

  /** Takes the facts of another description; functions and their rows stay. */
  describe(info: SessionInfo): void {
    this.#info = { ...info, functions: this.#info.functions };
  }

  /** The row of a slot's function, new if no other slot had it; its sites join those of the row. */
  rowFor(slot: FunctionPlan): number {
    const row = this.#rowOfName.get(slot.name) ?? this.#info.functions.length;
    const known = this.#info.functions[row];
    const sites = known?.sites ?? [];
    const added = slot.sites.filter((site) => !sites.some((other) => sameSite(site, other)));
    if (known && added.length === 0) return row;
    const functions = [...this.#info.functions];
    functions[row] = { ...(known ?? slot), sites: [...sites, ...added].map((site) => ({ ...site, hits: 0 })) };
    this.replaceInfo({ ...this.#info, functions });
    return row;
  }

  /** Marks an agent's part. */
  setState(agentId: string, state: AgentPart['state'], reason: string): void {
    const others = this.#info.parts.filter((part) => part.agentId !== agentId);
    this.#info = { ...this.#info, parts: [...others, { agentId, state, reason }] };
  }

  /** Says that a row's values have changed. */
  touch(row: number, revision: number): void {
    this.#stale.add(row);
    this.#revisions[row] = revision;
  }

  /** Revision of a row's last change; 0: none yet. */
  revisionOf(row: number): number {
    return this.#revisions[row] ?? 0;
  }

  /** All rows, summed anew where touched. */
  rows(parts: readonly Part[]): readonly Row[] {
    if (this.#stale.size > 0 || this.#rows.length < this.#info.functions.length) this.#sumStaleRows(membersByRow(parts));
    return this.#rows;
  }

  /** The rows of each process; empty where parts are in rows already. */
  rowsByPid(parts: readonly Part[]): { pid: number; rows: Row[] }[] {
    const byRow = membersByRow(parts.filter((part) => part.agentId !== ''));
    const pids = new Set([...byRow.values()].flat().map(pidOf));
    return [...pids].map((pid) => ({
      pid,
      rows: [...byRow].flatMap(([row, members]) => {
        const own = members.filter((member) => pidOf(member) === pid);
        return own.length > 0 ? [sumRow(row, this.#info.functions[row]!, own)] : [];
      }),
    }));
  }

  #sumStaleRows(members: Map<number, Member[]>): void {
    const fresh = (row: number) => (this.#stale.has(row) ? undefined : this.#rows[row]);
    this.#rows = this.#info.functions.map((plan, row) => fresh(row) ?? sumRow(row, plan, members.get(row) ?? []));
    this.#stale.clear();
  }
}

const sameSite = (a: Site, b: Site): boolean => a.role === b.role && a.offset === b.offset && a.instruction === b.instruction;

const pidOf = ({ part, slot }: Member): number => part.slots[slot]!.pid;

function membersByRow(parts: readonly Part[]): Map<number, Member[]> {
  const members = new Map<number, Member[]>();
  for (const part of parts) {
    part.rows.forEach((row, slot) => {
      const others = members.get(row);
      if (others) others.push({ part, slot });
      else members.set(row, [{ part, slot }]);
    });
  }
  return members;
}

function sumRow(index: number, plan: FunctionPlan, members: readonly Member[]): Row {
  return {
    index,
    name: plan.name,
    plan,
    ...sumSlots(members.flatMap(({ part, slot }) => part.values[slot] ?? [])),
    sites: sumSites(plan.sites, members),
    waiting: sumWaiting(members),
    costNs: members.reduce((sum, { part, slot }) => sum + part.slotCostNs[slot]!, 0),
  };
}

function sumSites(sites: readonly Site[], members: readonly Member[]): Site[] {
  const sums = sites.map((site) => ({ ...site, hits: 0 }));
  for (const { part, slot } of members) {
    const first = part.firstSites[slot]!;
    part.slots[slot]!.sites.forEach((site, i) => {
      sums.find((sum) => sameSite(site, sum))!.hits += part.siteHits[first + i]!;
    });
  }
  return sums;
}

function sumWaiting(members: readonly Member[]): WaitingValues[] {
  const sums = new Map<string, WaitingValues>();
  for (const { part, slot } of members) {
    for (const { row, reason, count, totalNs } of part.waiting.values()) {
      if (row !== slot) continue;
      const sum = sums.get(reason) ?? { reason, count: 0, totalNs: 0 };
      sums.set(reason, { reason, count: sum.count + count, totalNs: sum.totalNs + totalNs });
    }
  }
  return [...sums.values()];
}
