/** Damaged documents: snapshots that people open, function indexes and columns that come over the wire. */

import { gzipSync } from 'node:zlib';
import { decodeFunctionIndex, encodeFunctionIndex } from '../../proto/function-index.js';
import { decodeSnapshot, encodeSnapshot } from '../../snapshots/codec/codec.js';
import { unpackFunctions } from '../../snapshots/columns/functions.js';
import { plan, sessionInfo, tickOf, treeOf } from '../../snapshots/ledger/fixture.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { mutate } from './mutate.js';
import type { Random } from './random.js';
import { isRead, type Subject } from './subject.js';

const TRUTHS = [
  { slot: 0, durationsNs: [1000, 2 ** 40], inFlight: 1 },
  { slot: 1, durationsNs: [3, 7, 9], unwound: 1 },
];
const TREE = treeOf([
  [2, 0, 0, 3, 2 ** 41, 2 ** 41, 1],
  [3, 2, 1, 4, 19, 19, 0],
]);
/** Values that a hand or a program may put in the wrong place. */
const STRANGE = [null, -1, 1.5, 1e308, '', 'x', '18446744073709551616', true, [], {}, [[1, 2, 3]], '__proto__'];

function newLedger(): SessionLedger {
  const ledger = new SessionLedger(sessionInfo([]));
  ledger.addPart('a', [plan('main.pay'), plan('main.check')]);
  return ledger;
}

const tick = () => tickOf('a', 1, TRUTHS, { tree: TREE });

/** Snapshots, half of them damaged as text and half as values. */
export function snapshotSubject(share: number): Subject {
  const ledger = newLedger();
  ledger.apply(tick());
  const whole = Buffer.from(encodeSnapshot(ledger.snapshot('detached')));
  return {
    name: 'snapshot',
    share,
    attempt(random) {
      if (random.int(2) === 0) return isRead(() => decodeSnapshot(JSON.stringify(estranged(JSON.parse(String(whole)), random))));
      const { damaged, undo } = mutate(whole, random, []);
      try {
        return isRead(() => decodeSnapshot(damaged));
      } finally {
        undo();
      }
    },
  };
}

/** The value with something strange, or nothing, somewhere in it. */
function estranged(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.int(6) === 0) return random.pick(STRANGE);
  const keys = Object.keys(value);
  const key = keys.length === 0 ? 'key' : random.pick(keys);
  const fields = value as Record<string, unknown>;
  if (random.int(8) === 0) delete fields[key];
  else fields[key] = estranged(fields[key], random);
  return value;
}

/** Function indexes: the packed bytes, or what they unpack to. */
export function indexSubject(share: number): Subject {
  const numbers = Uint32Array.of(1, 2, 3);
  const columns = {
    file: Uint32Array.of(0, 0, 0),
    line: numbers,
    size: numbers,
    inlined: numbers,
    offset: Float64Array.of(1, 2, 3),
  };
  const packed = encodeFunctionIndex({ names: ['a', 'b', 'c'], files: ['main.go'], ...columns });
  const raw = Buffer.from(`{"count":3,"files":1,"sections":[5,7,12,12,12,12,24]}\na\nb\ncmain.go${'\x01'.repeat(72)}`);
  return {
    name: 'function index',
    share,
    attempt(random) {
      const isPacked = random.int(4) === 0;
      const { damaged, undo } = mutate(isPacked ? packed : raw, random, []);
      try {
        return isRead(() => decodeFunctionIndex(isPacked ? damaged : gzipSync(damaged, { level: 0 })));
      } finally {
        undo();
      }
    },
  };
}

/** Columns of ticks, and what a ledger makes of those that unpack. */
export function columnsSubject(share: number): Subject {
  return {
    name: 'tick columns',
    share,
    attempt(random) {
      const damagedTick = tick();
      const columns = damagedTick.functions!;
      const name = random.pick(Object.keys(columns)) as keyof typeof columns;
      columns[name] = mutate(Buffer.from(columns[name]), random, []).damaged;
      return isRead(() => {
        unpackFunctions(columns);
        const ledger = newLedger();
        ledger.apply(damagedTick);
        encodeSnapshot(ledger.snapshot('detached'));
      });
    },
  };
}
