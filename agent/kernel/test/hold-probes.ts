/** Holds probes on a target until it is killed: `node hold-probes.js PID PATH`. */

import { startMeasuring } from './measuring.js';

const [pid, path] = process.argv.slice(2);
const held = startMeasuring(
  { pid: Number(pid), path: path!, exercise: () => Promise.reject(), stop: () => Promise.resolve(), kill: () => {} },
  { names: ['main.outer', 'main.middle', 'main.work'] },
);
process.stdout.write('armed\n');
setInterval(() => held.session.readSlots(), 1000);
