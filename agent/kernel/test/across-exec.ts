/** Measures a target that runs itself anew, and says what was counted beside what it did: `node across-exec.js PATH`. */

import { slotOf, startMeasuring } from './measuring.js';
import { startTarget } from './targets.js';

const target = await startTarget(process.argv[2]!);
const { session, link } = startMeasuring(target, { names: ['work', 'begin'], owner: 'thread' });
const truth = await target.exercise('again');
session.disarm(link);
const open = session.readFrames();
target.kill();
process.stdout.write(
  JSON.stringify({ truth, work: slotOf(session, 0), begin: slotOf(session, 1), pid: target.pid, tgid: [...open.tgid] }),
);
process.exit(0);
