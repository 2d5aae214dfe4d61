/** The configuration files of agent and colony: YAML, as the RFD has them. */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CoralError } from './errors.js';

/** What a file holds, unchecked; USAGE when it cannot be read or is no YAML. */
export function readConfigurationFile(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoralError(
      'USAGE',
      `the configuration file ${path} cannot be read: ${reason}`,
      'check --config',
      { path },
      { cause },
    );
  }
}
