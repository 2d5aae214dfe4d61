/** From the options of `debug attach` to the request that opens the session. Pure. */

import { CoralError } from '../../proto/errors.js';
import type { DeepPartial, OpenSessionRequest, UprobeConfig } from '../../proto/gen/coral/colony/v1/debug.js';

/** The longest that a session may last; colony and agent enforce it too. */
export const MAX_DURATION_NS = 600e9;

/** The options, as the command's facts type them. */
export interface AttachOptions {
  readonly function: readonly string[];
  readonly duration: number | undefined;
  readonly pid: number | undefined;
  readonly 'sample-rate': number | undefined;
  readonly 'slower-than': number | undefined;
  readonly filter: readonly string[];
  readonly 'capture-args': boolean;
  readonly 'capture-return': boolean;
  readonly 'count-only': boolean;
  readonly returns: 'auto' | 'sites' | 'session' | undefined;
  readonly budget: string | undefined;
  readonly 'max-slow': number | undefined;
  readonly 'require-all': boolean;
  readonly 'dry-run': boolean;
}

/** The request; throws USAGE or LIMIT_EXCEEDED for options that no colony would take. */
export function openRequest(service: string, options: AttachOptions, requestedBy: string): DeepPartial<OpenSessionRequest> {
  if (options.function.length === 0) throw wrong('--function is missing: name at least one function');
  const { duration: durationNs } = options;
  if (durationNs !== undefined && durationNs > MAX_DURATION_NS) throw tooLong(durationNs);
  return {
    serviceName: service,
    functions: [...options.function],
    ...(durationNs === undefined ? {} : { duration: { seconds: Math.floor(durationNs / 1e9), nanos: durationNs % 1e9 } }),
    config: probeConfig(options),
    pids: options.pid === undefined ? [] : [options.pid],
    requestedBy,
    dryRun: options['dry-run'],
    attended: true,
  };
}

function probeConfig(options: AttachOptions): DeepPartial<UprobeConfig> {
  const { equalities, expressions } = splitFilters(options.filter);
  return {
    captureArgs: options['capture-args'],
    captureReturn: options['capture-return'],
    sampleRate: sampleRate(options['sample-rate']),
    filters: equalities,
    filterExpressions: expressions,
    slowerThanNs: options['slower-than'] ?? 0,
    countOnly: options['count-only'],
    returns: options.returns ?? 'auto',
    budgetPercent: budgetPercent(options.budget),
    maxSlow: options['max-slow'],
    requireAll: options['require-all'],
  };
}

/** `name=value` is the RFD's filter; all else is an expression. */
function splitFilters(filters: readonly string[]): { equalities: Record<string, string>; expressions: string[] } {
  const equalities: Record<string, string> = {};
  const expressions: string[] = [];
  for (const filter of filters) {
    const match = /^([\w.]+)=(?!=)(.*)$/s.exec(filter);
    if (match) equalities[match[1] ?? ''] = match[2] ?? '';
    else expressions.push(filter);
  }
  return { equalities, expressions };
}

/** 0 stands for none. */
function sampleRate(asked: number | undefined): number {
  if (asked === 0) throw wrong('--sample-rate is 1 in N with N from 1 up, got "0"');
  return asked ?? 0;
}

/** 0 stands for the default, a negative one for no limit. */
function budgetPercent(budget: string | undefined): number {
  if (budget === undefined) return 0;
  if (budget === 'unlimited') return -1;
  const percent = /^\d+(\.\d+)?%?$/.test(budget) ? Number.parseFloat(budget) : 0;
  if (percent > 0) return percent;
  throw wrong(`--budget is a percentage of one CPU above 0, or unlimited, got "${budget}"`);
}

const wrong = (message: string): CoralError =>
  new CoralError('USAGE', `debug attach: ${message}`, 'see: coral debug attach --help');

const tooLong = (durationNs: number): CoralError =>
  new CoralError(
    'LIMIT_EXCEEDED',
    `a session of ${durationNs / 1e9} s was asked for, the longest is ${MAX_DURATION_NS / 1e9} s`,
    'use --duration 10m or less, and attach again when it has ended',
    { asked_ns: durationNs, limit_ns: MAX_DURATION_NS },
  );
