/** `coral top` on a fake feed, for tests on a real pty. Writes its longest stall of the event loop to the file named first. */

import { renameSync, writeFileSync } from 'node:fs';
import { runTop } from '../main.js';
import { FakeFeed } from './fake-feed.js';

const [, , reportPath = '', fault = ''] = process.argv;
const INTERVAL_MS = 20;

const feed = new FakeFeed();
let longestGapMs = 0;
let lastMs = performance.now();
setInterval(() => {
  longestGapMs = Math.max(longestGapMs, performance.now() - lastMs);
  lastMs = performance.now();
  feed.advance('dbg-1', INTERVAL_MS / 1000);
  writeFileSync(`${reportPath}.new`, JSON.stringify({ longestGapMs }));
  renameSync(`${reportPath}.new`, reportPath); // who reads it sees it whole
}, INTERVAL_MS);

if (fault === 'throw') setTimeout(() => failed(), 300);
if (fault === 'reject') setTimeout(() => void Promise.reject(new Error('rejected on purpose')), 300);

function failed(): never {
  throw new Error('thrown on purpose');
}

process.exit(await runTop({ connect: async () => feed, source: { name: 'fake', live: true } }));
