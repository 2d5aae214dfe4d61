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

/** The values of a parsed file by their dotted path; USAGE for a key that is not among `known`, also for one without a value. */
export function configuredValues(document: unknown, known: readonly string[]): [path: string, value: unknown][] {
  if (document === null || document === undefined) return [];
  if (!isSection(document)) throw notSections(known);
  const values = [...leaves(document, '')].filter(([path, value]) => !isEmptySection(path, value, known));
  const unknown = values.find(([path]) => !known.includes(path));
  if (unknown) throw unknownKey(unknown[0], known);
  return values;
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function* leaves(section: Record<string, unknown>, path: string): Generator<[path: string, value: unknown]> {
  for (const [key, value] of Object.entries(section)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (isSection(value) && Object.keys(value).length > 0) yield* leaves(value, at);
    else yield [at, value];
  }
}

/** A section whose keys are all commented out. */
const isEmptySection = (path: string, value: unknown, known: readonly string[]): boolean =>
  (value === null || isSection(value)) && known.some((key) => key.startsWith(`${path}.`));

function notSections(known: readonly string[]): CoralError {
  const top = known[0]?.split('.')[0];
  return new CoralError('USAGE', `the configuration has no sections, "${top}:" was expected`, 'correct the configuration file');
}

function unknownKey(path: string, known: readonly string[]): CoralError {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const near = known.find((key) => key.endsWith(`.${name}`) || key.startsWith(`${path}.`));
  const hint = near === undefined ? `known keys: ${known.join(', ')}` : `did you mean ${near}?`;
  return new CoralError('USAGE', `the configuration has an unknown key ${path}`, hint, { key: path, known });
}
