/** One file of the corpus: every function decided, every accepted site held against the second decoder. */

import { bodyRanges } from '../../agent/sites/body.js';
import { decideSites } from '../../agent/sites/decide-sites.js';
import type { PlannedSite } from '../../agent/sites/plan.js';
import type { Image } from '../../agent/symbols/image.js';
import { openImage } from '../../agent/symbols/open-image.js';
import { CoralError } from '../../proto/errors.js';
import { boundariesOf } from './second-decoder.js';

export interface FileReport {
  path: string;
  /** Functions that were decided. */
  functions: number;
  accepted: number;
  timed: number;
  sites: number;
  /** Refusal codes, and (in small letters) reasons for not timing, with how many functions they hit. */
  reasons: Map<string, number>;
  /** What must not be: a site off a boundary, an exception. */
  faults: string[];
}

/** Code that goes to the second decoder at one time. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** Checks up to so many functions, spread evenly over the file. */
export async function checkFile(path: string, limit = Number.POSITIVE_INFINITY): Promise<FileReport> {
  const report: FileReport = { path, functions: 0, accepted: 0, timed: 0, sites: 0, reasons: new Map(), faults: [] };
  const image = open(path, report);
  if (image === null) return report;
  let batch: Accepted[] = [];
  let bytes = 0;
  for (const row of spread(image.functions.count, limit)) {
    const accepted = decide(image, row, report);
    if (accepted === null) continue;
    batch.push(accepted);
    bytes += accepted.pieces.reduce((sum, piece) => sum + piece.code.length, 0);
    if (bytes < BATCH_BYTES) continue;
    await compare(image, batch, report);
    [batch, bytes] = [[], 0];
  }
  await compare(image, batch, report);
  return report;
}

interface Accepted {
  row: number;
  sites: PlannedSite[];
  pieces: { address: number; code: Uint8Array }[];
}

/** Only the catalogue's errors are right for a file that cannot be read. */
function open(path: string, report: FileReport): Image | null {
  try {
    return openImage(path);
  } catch (error) {
    if (error instanceof CoralError) count(report, `file: ${error.code}`);
    else report.faults.push(`${path}: ${String(error)}`);
    return null;
  }
}

function spread(count: number, limit: number): number[] {
  const step = Math.max(1, count / limit);
  return Array.from({ length: Math.min(count, limit) }, (_, index) => Math.floor(index * step));
}

function decide(image: Image, row: number, report: FileReport): Accepted | null {
  report.functions += 1;
  const decision = decideSites(image, row);
  if (!decision.ok) {
    count(report, decision.code);
    return null;
  }
  report.accepted += 1;
  report.sites += decision.sites.length;
  if (decision.untimedReason === '') report.timed += 1;
  else count(report, decision.untimedReason.replaceAll(/0x[0-9a-f]+/g, '…'));
  const pieces = bodyRanges(image, row).map(({ address, size }) => ({ address, code: image.read(address, size) as Uint8Array }));
  return { row, sites: decision.sites, pieces };
}

async function compare(image: Image, batch: readonly Accepted[], report: FileReport): Promise<void> {
  if (batch.length === 0) return;
  const pieces = batch.flatMap((accepted) => accepted.pieces);
  const boundaries = await boundariesOf(pieces.map(({ code }) => code));
  let first = 0;
  for (const { row, sites, pieces: own } of batch) {
    for (const site of sites) {
      const index = own.findIndex(({ address, code }) => site.address >= address && site.address < address + code.length);
      const offset = site.address - (own[index]?.address ?? 0);
      if (index >= 0 && boundaries.has(first + index, offset, site.bytes.length)) continue;
      const name = image.functions.name(row);
      report.faults.push(`${image.path} ${name}: ${site.instruction} at 0x${site.address.toString(16)} is not what objdump sees`);
    }
    first += own.length;
  }
}

const count = (report: FileReport, reason: string): void =>
  void report.reasons.set(reason, (report.reasons.get(reason) ?? 0) + 1);
