/** The decision for one function: where its calls begin and end, with the proof of each site, or why it is refused. */

import type { RefusalCode } from '../../proto/refusals.js';
import type { StackOwner } from '../kernel/kernel.js';
import type { Image } from '../symbols/image.js';
import { type Body, type Piece, readBody } from './body.js';
import { instructionBytes, MAX_FUNCTION_BYTES, offsetOf, textOf } from './decode.js';
import { markEntered } from './entered-inside.js';
import { type EntrySite, findGoEntry, findPlainEntry } from './entry.js';
import { countExits, type ExitSite, type Exits, findExits, MAX_EXITS } from './exits.js';
import { targetInsideInstruction } from './jumps.js';
import type { ProbeCost } from './kernel-opcodes.js';
import { goOf, stackOwner } from './owner.js';
import type { PlannedSite, SiteDecision, SitePlan, SiteRefusal } from './plan.js';
import { depthBefore } from './stack-depth.js';

export interface DecideOptions {
  /** No return sites: calls are counted, never timed. */
  countOnly?: boolean;
}

/** More exits than this would cost more to arm than the function is worth. */
export const MAX_SITES = 512;

/** What a list says of a function: whether and how it can be probed, without its sites. */
export interface SiteSummary {
  ok: true;
  entryCost: ProbeCost;
  /** Instructions that end a call; 0 when it is counted only. */
  returnSites: number;
  /** Why it is counted and never timed; empty: it is timed. */
  untimedReason: string;
}

/** Decides for a row. Pure: reads the image alone. */
export function decideSites(image: Image, row: number, options: DecideOptions = {}): SiteDecision {
  const choice = choose(image, row, options);
  return choice.ok ? planOf(image, choice) : choice;
}

/** The same decision without the words of its proof, for lists of whole programs. */
export function summarizeSites(image: Image, row: number): SiteSummary | SiteRefusal {
  const choice = choose(image, row, {});
  if (!choice.ok) return choice;
  const { entry, returns, untimedReason } = choice;
  return { ok: true, entryCost: entry.cost, returnSites: returns.length, untimedReason };
}

/** Where a function's calls begin and end. */
interface Choice {
  ok: true;
  main: Piece;
  entry: EntrySite;
  returns: readonly ExitSite[];
  owner: StackOwner;
  untimedReason: string;
}

function choose(image: Image, row: number, options: DecideOptions): Choice | SiteRefusal {
  const known = refusedAsSuch(image, row);
  if (known !== null) return known;
  const body = readBody(image, row);
  if (body.missing !== '') return refuse('BODY_INCOMPLETE', body.missing);
  markEntered(image, row, body);
  const left = countExits(body);
  if (left > MAX_EXITS) return tooMany(left);
  const exits = findExits(image, row, body);
  const broken = undecodable(body) ?? jumpedInto(body) ?? depthDisagrees(image, row, exits);
  if (broken !== null) return broken;
  const entry = goOf(image, row) === null ? findPlainEntry(body, 'system-v') : findGoEntry(body);
  return 'reason' in entry ? refuse(entry.code, entry.reason) : chosen(image, row, body, entry, exits, options);
}

/** What the symbol tables alone forbid. */
function refusedAsSuch(image: Image, row: number): SiteRefusal | null {
  const { functions } = image;
  if (functions.kind(row) === 'ifunc') {
    return refuse('IFUNC', 'the symbol is a resolver that picks the real function when the program starts');
  }
  const address = functions.address(row);
  if (functions.size(row) === 0 || image.fileOffset(address) === null) return refuse('NO_TEXT', 'the file holds no code for it');
  if (functions.size(row) > MAX_FUNCTION_BYTES) {
    return refuse('UNDECODABLE', `its symbol claims ${functions.size(row)} bytes, more than any function has`);
  }
  if (image.go !== null && ENTERED_IN_THE_MIDDLE.has(functions.name(row))) {
    return refuse('ENTRY_IS_JUMP_TARGET', 'calls of this function start in its middle, past the entry');
  }
  return null;
}

/** Go's unrolled copy loops, which the compiler calls at an offset. */
const ENTERED_IN_THE_MIDDLE = new Set(['runtime.duffzero', 'runtime.duffcopy']);

function undecodable({ pieces }: Body): SiteRefusal | null {
  const piece = pieces.find(({ code }) => code.undecodableAt >= 0);
  if (piece === undefined) return null;
  return refuse(
    'UNDECODABLE',
    `the bytes at ${hex(piece.code.address + piece.code.undecodableAt)} are no instruction that we know`,
  );
}

function jumpedInto({ pieces }: Body): SiteRefusal | null {
  for (const { code, jumps } of pieces) {
    const target = targetInsideInstruction(code, jumps.targets);
    if (target !== null) {
      return refuse(
        'JUMP_INTO_INSTRUCTION',
        `a branch leads into the middle of an instruction, to ${hex(code.address + target)}`,
      );
    }
  }
  return null;
}

/** Where the file tells stack depths, it must be 0 at every exit. Go's files always do. */
function depthDisagrees(image: Image, row: number, exits: Exits): SiteRefusal | null {
  const source = goOf(image, row) === null ? 'call frame information' : 'pcsp table';
  for (const exit of exits.sites) {
    const depth = depthBefore(image, row, exit.piece.code, exit.index);
    const isUnknown = depth === null && goOf(image, row) === null;
    if (depth !== 0 && !isUnknown) {
      const at = hex(addressOf(exit.piece, exit.index));
      return refuse('STACK_DEPTH_DISAGREES', `the stack depth at the exit ${at} is ${depth ?? 'unknown'}, not 0`);
    }
    exit.depthBy = isUnknown ? '' : source;
  }
  return null;
}

function chosen(
  image: Image,
  row: number,
  body: Body,
  entry: EntrySite,
  exits: Exits,
  options: DecideOptions,
): Choice | SiteRefusal {
  const main = body.pieces[0]!;
  const { owner, untimed } = stackOwner(image, row, main.code);
  const untimedReason = options.countOnly === true ? 'only counts were asked for' : exits.untimed || untimed;
  const returns = untimedReason === '' ? exits.sites : [];
  if (returns.length + 1 > MAX_SITES) return tooMany(returns.length);
  return { ok: true, main, entry, returns, owner, untimedReason };
}

const tooMany = (exits: number): SiteRefusal =>
  refuse('TOO_MANY_SITES', `it has ${exits} exits; at most ${MAX_SITES - 1} are probed`);

function planOf(image: Image, { main, entry, returns, owner, untimedReason }: Choice): SitePlan {
  const sites = untimedReason === '' ? timedSites(image, main, entry, returns) : [site(image, main, entry, 'entry')];
  return { ok: true, owner, sites, untimedReason };
}

/** Entry and exits; one site for both where they are the same instruction. */
function timedSites(image: Image, main: Piece, entry: EntrySite, returns: readonly ExitSite[]): PlannedSite[] {
  if (returns.length === 0) return [endlessEntry(site(image, main, entry, 'entry'))];
  const both = returns.find((exit) => exit.piece === main && exit.index === entry.index);
  const first = both === undefined ? site(image, main, entry, 'entry') : site(image, main, { ...both, ...entry }, 'entry_return');
  const others = returns.filter((exit) => exit !== both);
  return [first, ...others.map((exit) => site(image, exit.piece, exit, 'return'))];
}

function endlessEntry(entry: PlannedSite): PlannedSite {
  return {
    ...entry,
    endless: true,
    proof: [...entry.proof, 'the function has no return: it ends the program, panics or runs for ever'],
  };
}

function site(image: Image, piece: Piece, found: EntrySite | ExitSite, role: PlannedSite['role']): PlannedSite {
  const address = addressOf(piece, found.index);
  const walked = `decoded from ${hex(piece.code.address)}: ${found.index} instructions in front, every byte of the function known`;
  return {
    role,
    address,
    offset: image.fileOffset(address) as number,
    instruction: textOf(piece.code, found.index),
    cost: found.cost,
    bytes: instructionBytes(piece.code, found.index),
    jbe: 'jbe' in found && found.jbe,
    ...('condition' in found && { condition: found.condition }),
    stackDepth: 0,
    proof: [walked, ...found.proof(), ...('depthBy' in found ? [depthProof(found)] : [])],
  };
}

const depthProof = ({ depthBy }: ExitSite): string =>
  depthBy === '' ? 'the file has no call frame information for this place' : `the ${depthBy} gives stack depth 0 here`;

const addressOf = (piece: Piece, index: number): number => piece.code.address + offsetOf(piece.code, index);
const hex = (value: number): string => `0x${value.toString(16)}`;
const refuse = (code: RefusalCode, reason: string): SiteRefusal => ({ ok: false, code, reason });
