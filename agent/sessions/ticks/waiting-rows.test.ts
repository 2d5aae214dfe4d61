import test from 'ava';
import type { FrameColumns, WaitColumns } from '../../kernel/kernel.js';
import { sumWaiting } from './waiting-rows.js';

const NONE = { slot: new Uint32Array(0) } as WaitColumns;

/** Three calls of slot 0 that wait: since `waitingSinceNs`, having begun at `startNs`. */
const frames = (startNs: bigint[], waitingSinceNs: bigint[]) =>
  ({
    slot: new Uint32Array(startNs.length),
    waitReason: new Uint8Array(startNs.length).fill(7),
    startNs: BigUint64Array.from(startNs),
    waitingSinceNs: BigUint64Array.from(waitingSinceNs),
  }) as FrameColumns;

const waited = (startNs: bigint[], waitingSinceNs: bigint[]) =>
  sumWaiting(NONE, frames(startNs, waitingSinceNs), [...startNs.keys()], 1000n, () => 'channel');

test('a call is charged from its own beginning on', (t) => {
  t.deepEqual(waited([100n, 700n], [400n, 400n]), [{ row: 0, reason: 'channel', count: 2, totalNs: 900 }]);
});

test('a wait that began after the clock was read has lasted no time: nothing negative goes on the wire', (t) => {
  t.deepEqual(waited([100n], [3_000_000n]), [{ row: 0, reason: 'channel', count: 1, totalNs: 0 }]);
  t.deepEqual(waited([100n, 100n], [400n, 3_000_000n]), [{ row: 0, reason: 'channel', count: 2, totalNs: 600 }]);
});
