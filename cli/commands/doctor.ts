import { EXIT } from '../../proto/errors.js';
import type { GetStatusResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { untilCalibrated } from '../colony/calibration.js';
import { withColony } from '../colony/connect.js';
import { colonyChecks, localChecks, type Reached } from '../doctor/checks.js';
import { readLocalFacts } from '../doctor/local-facts.js';
import { allOk, doctorJson, doctorText } from '../format/doctor.js';
import { asCoralError } from '../format/errors.js';
import type { Surroundings } from '../surroundings.js';
import { defineCommand } from './command.js';
import { COLONY, FORMAT } from './options.js';

/** `coral doctor`. */
export default defineCommand({
  path: 'doctor',
  summary: 'What this host can do, what a probe costs here, and how to fix what is missing',
  positionals: [],
  options: { ...FORMAT, ...COLONY },
  examples: [['coral doctor', 'every check, with the fix of those that failed']],
  async run({ options }, surroundings) {
    const local = localChecks(readLocalFacts(surroundings.config));
    const reached = await reach(surroundings, options.colony);
    const checks = [...local, ...colonyChecks(reached)];
    const calibration = 'status' in reached ? reached.status.agents[0] : undefined;
    surroundings.out.write(options.format === 'json' ? doctorJson(checks, calibration) : doctorText(checks, calibration));
    return allOk(checks) ? EXIT.done : EXIT.failed;
  },
});

/** A pair that cannot be reached is a finding here, not a failure of the command. */
async function reach(surroundings: Surroundings, address: string | undefined): Promise<Reached> {
  try {
    const status: GetStatusResponse = await withColony(surroundings, address, untilCalibrated);
    return { status };
  } catch (error) {
    const { message, hint } = asCoralError(error);
    return { message, hint };
  }
}
