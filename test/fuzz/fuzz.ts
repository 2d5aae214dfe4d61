/** Runs a subject over many inputs: counts, slowest, memory, faults. */

import { randomOf } from './random.js';
import type { Subject } from './subject.js';

export interface FuzzReport {
  name: string;
  inputs: number;
  /** Inputs that were read in spite of the damage. */
  read: number;
  slowestMs: number;
  /** Largest resident set that was seen, bytes. */
  residentBytes: number;
  /** Sentences that name the input by its index. */
  faults: string[];
}

/** Processor time that no single input may take more of; over this it is a fault. (A busy machine stretches the clock.) */
export const MAX_INPUT_MS = 1000;
/** What all inputs together may leave resident; over this it is a fault. */
export const MAX_RESIDENT_BYTES = 1500 * 1024 * 1024;

const INPUTS_A_CHECK = 10_000;
const MAX_FAULTS = 20;

/** `began` hears each input's index before it is read, for whoever watches over hangs. */
export async function fuzz(
  subject: Subject,
  seed: number,
  from: number,
  count: number,
  began: (index: number) => void,
): Promise<FuzzReport> {
  const report: FuzzReport = { name: subject.name, inputs: 0, read: 0, slowestMs: 0, residentBytes: 0, faults: [] };
  for (let index = from; index < from + count && report.faults.length < MAX_FAULTS; index++) {
    began(index);
    attempt(subject, seed, index, report);
    if (report.inputs % INPUTS_A_CHECK === 0) await check(subject, report);
  }
  await check(subject, report);
  return report;
}

function attempt(subject: Subject, seed: number, index: number, report: FuzzReport): void {
  const before = process.cpuUsage();
  report.inputs += 1;
  try {
    if (subject.attempt(randomOf(seed, index))) report.read += 1;
  } catch (error) {
    report.faults.push(`input ${index}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const { user, system } = process.cpuUsage(before);
  const tookMs = (user + system) / 1000;
  if (tookMs > MAX_INPUT_MS) report.faults.push(`input ${index} took ${Math.round(tookMs)} ms`);
  report.slowestMs = Math.max(report.slowestMs, tookMs);
}

async function check(subject: Subject, report: FuzzReport): Promise<void> {
  report.faults.push(...((await subject.settle?.()) ?? []));
  report.residentBytes = Math.max(report.residentBytes, process.memoryUsage.rss());
  if (report.residentBytes > MAX_RESIDENT_BYTES) report.faults.push(`${report.residentBytes} bytes are resident`);
}
