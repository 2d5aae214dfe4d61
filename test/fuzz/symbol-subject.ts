/** Damaged symbols of C++ and Rust, as a hostile program may carry them: read by libiberty in our process. */

import { demangleAll } from '../../agent/demangle/demangle.js';
import { readElf, SECTION } from '../../agent/symbols/elf/elf.js';
import { openFileBytes } from '../../agent/symbols/elf/file-bytes.js';
import { readSymbols } from '../../agent/symbols/native/symbol-table.js';
import type { Random } from './random.js';
import type { Subject } from './subject.js';

/** Parts that refer to earlier ones, nest, repeat or count: what demanglers go wrong at. */
const PIECES = [
  'S_',
  'S0_',
  'T_',
  'T0_',
  'I',
  'E',
  'J',
  'N',
  'P',
  'R',
  'F',
  'M',
  'X',
  'L',
  'Dp',
  'DT',
  'B_',
  'B5_',
  'Z',
  'U',
  'v',
  'i',
  '9',
  '99',
];
const MAX_CHANGES = 3;

/** The symbols of these programs, each damaged again and again. */
export function symbolSubject(paths: readonly string[], share: number): Subject {
  const symbols = paths.flatMap(mangledNames);
  return {
    name: 'symbol',
    share,
    attempt(random) {
      let symbol = random.pick(symbols);
      for (let left = 1 + random.int(MAX_CHANGES); left > 0; left--) symbol = changed(symbol, symbols, random);
      return demangleAll([symbol])[0] !== symbol;
    },
  };
}

function mangledNames(path: string): string[] {
  const columns = readSymbols(readElf(openFileBytes(path)), SECTION.symtab, () => true);
  return (columns?.names ?? []).filter((name) => /^_[ZR]/.test(name));
}

/** A piece in between, a stretch again and again, a stretch of another symbol, or one left out. */
function changed(symbol: string, symbols: readonly string[], random: Random): string {
  const at = 2 + random.int(symbol.length);
  const stretch = symbol.slice(at, at + 1 + random.int(24));
  const [before, behind] = [symbol.slice(0, at), symbol.slice(at + stretch.length)];
  const other = random.pick(symbols);
  return random.pick([
    () => before + random.pick(PIECES) + stretch + behind,
    () => before + random.pick(PIECES).repeat(random.int(400)) + stretch + behind,
    () => before + stretch.repeat(random.int(60)) + behind,
    () => before + other.slice(random.int(other.length)) + behind,
    () => before + behind,
  ])();
}
