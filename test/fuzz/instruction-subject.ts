/** Streams of instructions, real ones in senseless order and plain noise: every accepted site is one for objdump too. */

import { decideSites } from '../../agent/sites/decide-sites.js';
import { decodeCode, instructionBytes } from '../../agent/sites/decode.js';
import { FAKE_ADDRESS, fakeImage } from '../../agent/sites/fake-code.js';
import { openImage } from '../../agent/symbols/open-image.js';
import { boundariesOf } from '../corpus/second-decoder.js';
import type { Random } from './random.js';
import type { Subject } from './subject.js';

const MAX_INSTRUCTIONS = 30;
const MAX_NOISE_BYTES = 8;
const FUNCTIONS_READ = 400;
const RET = 0xc3;

interface Accepted {
  code: Uint8Array;
  sites: { offset: number; length: number; instruction: string }[];
}

/** Instructions come from the functions of these programs. */
export function instructionSubject(paths: readonly string[], share: number): Subject {
  const pool = paths.flatMap((path) => instructionsOf(path));
  let accepted: Accepted[] = [];
  const tally = { compared: 0, lost: 0 };
  return {
    name: 'instructions',
    share,
    attempt(random) {
      const code = stream(pool, random);
      const decision = decideSites(fakeImage(imageOf(code, random)), 0);
      if (!decision.ok) return false;
      const sites = decision.sites.map((site) => ({ ...site, offset: site.address - FAKE_ADDRESS, length: site.bytes.length }));
      accepted.push({ code, sites });
      return true;
    },
    async settle() {
      const compared = accepted;
      accepted = [];
      return faultsOf(compared, tally);
    },
    remark: () =>
      `${tally.compared} sites compared with objdump, ${tally.lost} behind instructions that it does not know (too new, undocumented)`,
  };
}

function instructionsOf(path: string): Uint8Array[] {
  const image = openImage(path);
  const step = Math.max(1, Math.floor(image.functions.count / FUNCTIONS_READ));
  const rows = Array.from({ length: Math.min(FUNCTIONS_READ, image.functions.count) }, (_, index) => index * step);
  return rows.flatMap((row) => {
    const code = decodeCode(image.text(row), image.functions.address(row));
    return Array.from({ length: code.count }, (_, index) => instructionBytes(code, index));
  });
}

function stream(pool: readonly Uint8Array[], random: Random): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let left = 1 + random.int(MAX_INSTRUCTIONS); left > 0; left--) {
    const kind = random.int(12);
    if (kind === 0) parts.push(Uint8Array.from({ length: 1 + random.int(MAX_NOISE_BYTES) }, () => random.int(256)));
    else if (kind === 1) parts.push(Uint8Array.of(0x70 + random.int(16), random.int(256)));
    else if (kind === 2) parts.push(Uint8Array.of(RET));
    else parts.push(random.pick(pool));
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Go or not, with depths that are mostly right. */
function imageOf(code: Uint8Array, random: Random): Parameters<typeof fakeImage>[0] {
  const depths = random.int(4) === 0 ? { [random.int(code.length)]: random.pick([8, 16, null]) } : {};
  const hex = Buffer.from(code).toString('hex');
  return random.int(2) === 0 ? { code: hex, depths, go: {} } : { code: hex, depths };
}

/** Where objdump does not know an instruction it resumes one byte on, at what is none. */
async function faultsOf(accepted: readonly Accepted[], tally: { compared: number; lost: number }): Promise<string[]> {
  if (accepted.length === 0) return [];
  const boundaries = await boundariesOf(accepted.map(({ code }) => code));
  return accepted.flatMap(({ code, sites }, index) => {
    const known = sites.filter(({ offset, length }) => !boundaries.isLostBefore(index, offset + length));
    tally.compared += known.length;
    tally.lost += sites.length - known.length;
    return known
      .filter(({ offset, length }) => !boundaries.has(index, offset, length))
      .map(
        ({ offset, instruction }) =>
          `${instruction} at +${offset} of ${Buffer.from(code).toString('hex')} is not what objdump sees`,
      );
  });
}
