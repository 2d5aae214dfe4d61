/** Source file and first line of functions, from DWARF: read for all functions when first asked for one. */

import type { Elf } from '../elf/elf.js';
import { once } from '../name-index.js';
import { readDebugInfo } from './debug-info.js';

export interface Place {
  file: string;
  line: number;
}

const NOWHERE: Place = { file: '', line: 0 };

/** The place of the function at an address; empty where DWARF does not tell. */
export function functionPlaces(elf: Elf): (address: number) => Place {
  const places = once(() => readPlaces(elf));
  return (address) => places().get(address) ?? NOWHERE;
}

function readPlaces(elf: Elf): Map<number, Place> {
  const columns = readDebugInfo(elf, (dwarf) => dwarf.functionPlaces());
  const places = new Map<number, Place>();
  columns?.addresses.forEach((address, i) => {
    places.set(address, { file: columns.fileNames[columns.files[i] as number] ?? '', line: columns.lines[i] as number });
  });
  return places;
}
