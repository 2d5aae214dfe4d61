/** Where the tests probe: sites by objdump, for functions of programs that the tests have built themselves. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ArmedSite, StackOwner } from '../kernel.js';

interface Instruction {
  address: number;
  text: string;
}

const LOAD_SEGMENT = 1;

/** File offset of an address as linked. */
function fileOffset(path: string, address: number): number {
  const file = readFileSync(path);
  const table = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  for (let i = 0; i < file.readUInt16LE(56); i++) {
    const header = file.subarray(table + i * size);
    const start = Number(header.readBigUInt64LE(16));
    if (header.readUInt32LE(0) !== LOAD_SEGMENT || address < start || address >= start + Number(header.readBigUInt64LE(32)))
      continue;
    return address - start + Number(header.readBigUInt64LE(8));
  }
  throw new Error(`no segment of ${path} holds ${address.toString(16)}`);
}

function symbols(path: string): Map<string, [address: number, size: number]> {
  const lines = execFileSync('nm', ['-S', path], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  return new Map(
    lines
      .map((line) => line.split(' '))
      .filter((words) => words.length === 4)
      .map(([address, size, , name]) => [name!, [Number.parseInt(address!, 16), Number.parseInt(size!, 16)]]),
  );
}

function instructions(path: string, address: number, size: number): Instruction[] {
  const range = [`--start-address=${address}`, `--stop-address=${address + size}`];
  const lines = execFileSync('objdump', ['-d', '--no-show-raw-insn', ...range, path], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => /^ +([0-9a-f]+):\t(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ address: Number.parseInt(match[1]!, 16), text: match[2]! }));
}

/** What a test wants to know about a function: where it is entered cheaply and where it returns. File offsets. */
export interface FunctionSites {
  entry: number;
  /** The stack check's branch in front of a push, for Go; else the entry again. */
  stackCheck: number;
  returns: number[];
}

/** The first push of rbp (else the first instruction) and every ret of each function. */
export function findSites(path: string, names: readonly string[]): FunctionSites[] {
  const table = symbols(path);
  return names.map((name) => {
    const [address, size] = table.get(name) ?? [0, 0];
    const body = instructions(path, address, size);
    const push = body.find((instruction) => /^push +%rbp/.test(instruction.text)) ?? body[0]!;
    const check = body.find((instruction) => /^jbe /.test(instruction.text)) ?? push;
    const returns = body.filter((instruction) => /^retq?\b/.test(instruction.text));
    return {
      entry: fileOffset(path, push.address),
      stackCheck: fileOffset(path, check.address),
      returns: returns.map((ret) => fileOffset(path, ret.address)),
    };
  });
}

/** Numbers the sites: slot = index of the function. With `jbe` calls are seen at the stack check. */
export function armedSites(functions: readonly FunctionSites[], owner: StackOwner, jbe = false): ArmedSite[] {
  const sites = functions.flatMap(({ entry, stackCheck, returns }, slot) => [
    { slot, offset: jbe ? stackCheck : entry, role: 'entry' as const, owner, jbe },
    ...returns.map((offset) => ({ slot, offset, role: 'return' as const, owner, jbe: false })),
  ]);
  return sites.map((site, index) => ({ ...site, site: index }));
}
