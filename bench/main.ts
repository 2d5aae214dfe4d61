/** `npm run bench`: measured comparisons of one run. Costs are ratios, because hosts differ. Arguments name the parts to run. */

import { measureAgent } from './agent-cost.js';
import { measureArming } from './arming.js';
import { measureIndex } from './index-time.js';
import { measureCalls } from './probe-cost.js';
import { type Measurement, printHeading, printMeasurement } from './report.js';
import { measureScreen } from './screen.js';
import { measureSingleCalls } from './single-calls.js';
import { measureStart } from './start-time.js';
import { measureStore } from './store-rate.js';

const PARTS: Record<string, { title: string; measure: () => AsyncIterable<Measurement> }> = {
  calls: { title: 'Cost of a probed call', measure: measureCalls },
  agent: { title: 'The agent under a million calls a second', measure: measureAgent },
  arming: { title: 'Attach and detach', measure: measureArming },
  start: { title: 'Start', measure: measureStart },
  single: { title: 'Single calls', measure: measureSingleCalls },
  store: { title: 'History', measure: measureStore },
  screen: { title: 'Screen', measure: measureScreen },
  index: { title: 'Index of a large Go binary', measure: measureIndex },
};

const chosen = process.argv.slice(2);
let missed = 0;
for (const [name, { title, measure }] of Object.entries(PARTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  printHeading(title);
  for await (const measurement of measure()) if (!printMeasurement(measurement)) missed += 1;
}
console.log(missed === 0 ? '\nall goals met' : `\n${missed} of the goals missed`);
process.exit(missed === 0 ? 0 : 1);
