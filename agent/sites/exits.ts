/** The exit sites of a function: every RET and every jump that leaves it, each at stack depth 0. */

import type { Image } from '../symbols/image.js';
import type { Body, Piece } from './body.js';
import { instructionBytes, offsetOf } from './decode.js';
import { classifyIndirectJump } from './indirect-jumps.js';
import { runsOffTheEnd } from './jumps.js';
import type { ProbeCost } from './kernel-opcodes.js';
import { probeabilityAt } from './probeability-at.js';
import { depthBefore, isNeverTaken } from './stack-depth.js';

export interface ExitSite {
  piece: Piece;
  index: number;
  cost: ProbeCost;
  /** What says that the stack depth is 0 here; empty: the file does not tell it. */
  depthBy: '' | 'call frame information' | 'pcsp table';
  /** In words, made when asked for: lists of programs do not show them. */
  proof: () => string[];
  /** Of a conditional jump, as its opcode has it. */
  condition?: number;
}

export interface Exits {
  /** None: the function ends the program, panics or runs for ever. */
  sites: ExitSite[];
  /** Why the function's calls cannot be timed; empty: they can. */
  untimed: string;
}

/** Exits that are looked at one by one; the largest interpreters and state machines have some hundreds. */
export const MAX_EXITS = 4096;

/** How many instructions may be exits: more than there are, since jumps through tables stay inside. */
export const countExits = ({ pieces }: Body): number =>
  pieces.reduce(
    (sum, { jumps: { returns, leaving, leavingIf, indirect } }) =>
      sum + returns.length + leaving.length + leavingIf.length + indirect.length,
    0,
  );

/** Finds the exits, or why not all of them can be probed. */
export function findExits(image: Image, row: number, body: Body): Exits {
  const sites: ExitSite[] = [];
  let untimed = '';
  for (const piece of body.pieces) {
    for (const exit of exitsOf(image, row, body, piece)) {
      if (!('untimed' in exit)) sites.push(exit);
      else if (untimed === '') untimed = exit.untimed;
    }
  }
  return untimed === '' ? { sites, untimed } : { sites: [], untimed };
}

type Exit = ExitSite | { untimed: string };

function exitsOf(image: Image, row: number, body: Body, piece: Piece): Exit[] {
  const { code, jumps } = piece;
  const exits: Exit[] = jumps.leavingIf.map((jump) => exitIfTaken(image, row, piece, jump));
  for (const index of jumps.returns) exits.push(exitAt(piece, index, RETURNS));
  for (const jump of jumps.leaving) {
    if (isNeverTaken(image, row, body.pieces, code, jump)) continue;
    exits.push(exitAt(piece, jump.index, () => [`this jump leaves the function, to 0x${jump.target.toString(16)}`]));
  }
  for (const index of jumps.indirect) {
    const kind = classifyIndirectJump(image, row, body, piece, index);
    if (kind === 'leaves') exits.push(exitAt(piece, index, JUMPS_AWAY));
    if (kind === 'unknown') exits.push({ untimed: `where the indirect jump at ${placeOf(piece, index)} leads is not known` });
  }
  if (runsOffTheEnd(code)) exits.push({ untimed: 'control runs past its last instruction into the next function' });
  return exits;
}

const RETURNS = (): string[] => ['this RET ends the call'];
const JUMPS_AWAY = (): string[] => ['this indirect jump leaves the function'];

/** A conditional jump to another function, with the caller's stack: a call may end in it. Of others nobody can tell whether it does. */
function exitIfTaken(image: Image, row: number, piece: Piece, { index, target }: { index: number; target: number }): Exit {
  const condition = conditionOf(instructionBytes(piece.code, index));
  const isCall = image.functions.rowAt(target) >= 0 && depthBefore(image, row, piece.code, index) === 0;
  if (condition !== null && isCall) {
    const exit = exitAt(piece, index, () => [`this jump leaves the function where it is taken, to 0x${target.toString(16)}`]);
    return { ...exit, condition };
  }
  return { untimed: `a conditional jump at ${placeOf(piece, index)} leaves the function` };
}

const SHORT_JUMPS = 0x70;
const NEAR_JUMPS = 0x80;

/** The condition of a jump that goes by flags, without prefixes; null: it goes by RCX, or has some. */
function conditionOf([first = 0, second = 0]: Uint8Array): number | null {
  if ((first & 0xf0) === SHORT_JUMPS) return first & 15;
  return first === 0x0f && (second & 0xf0) === NEAR_JUMPS ? second & 15 : null;
}

function exitAt(piece: Piece, index: number, proof: ExitSite['proof']): Exit {
  const probe = probeabilityAt(piece.code, index);
  if (probe.ok) return { piece, index, cost: probe.cost, depthBy: '', proof };
  return { untimed: `the exit at ${placeOf(piece, index)} cannot be probed: ${probe.reason}` };
}

const placeOf = ({ code }: Piece, index: number): string => `0x${(code.address + offsetOf(code, index)).toString(16)}`;
