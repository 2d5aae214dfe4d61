/** An image with one function more, which no symbol names: its extent is known by call frame information. */

import type { CodeRange, Image } from './image.js';

/** Padding between functions is shorter. */
const MAX_PADDING = 64;

export interface AddedFunction {
  image: Image;
  row: number;
}

/** The stretches on either side are rows too, two and two, since who decides for a row reads its neighbours'. Null: nothing tells its extent. */
export function withFunction(image: Image, name: string, address: number): AddedFunction | null {
  const own = image.codeRangeAt(address);
  if (own === null || own.address !== address) return null;
  const before = besides(image, own, -1);
  const added = [...before.reverse(), own, ...besides(image, own, 1)];
  const { functions } = image;
  const row = functions.count + before.length;
  const rangeOf = (of: number): CodeRange | undefined => added[of - functions.count];
  const table: Image['functions'] = {
    ...functions,
    count: functions.count + added.length,
    name: (of) => (rangeOf(of) === undefined ? functions.name(of) : name),
    address: (of) => rangeOf(of)?.address ?? functions.address(of),
    size: (of) => rangeOf(of)?.size ?? functions.size(of),
    kind: (of) => (rangeOf(of) === undefined ? functions.kind(of) : 'function'),
    file: (of) => (rangeOf(of) === undefined ? functions.file(of) : ''),
    line: (of) => (rangeOf(of) === undefined ? functions.line(of) : 0),
    aliases: (of) => (rangeOf(of) === undefined ? functions.aliases(of) : []),
    rowAt(at) {
      const known = functions.rowAt(at);
      const place = known >= 0 ? -1 : added.findIndex((range) => range.address === at);
      return place < 0 ? known : functions.count + place;
    },
  };
  const text = (of: number): Uint8Array => image.read(table.address(of), table.size(of)) ?? new Uint8Array(0);
  return { image: { ...image, functions: table, text }, row };
}

/** Up to two stretches in front of one, or behind it, the nearest first. */
function besides(image: Image, from: CodeRange, direction: 1 | -1): CodeRange[] {
  const found: CodeRange[] = [];
  for (let last = from; found.length < 2; ) {
    const next = beside(image, last, direction);
    if (next === null) break;
    found.push(next);
    last = next;
  }
  return found;
}

function beside(image: Image, { address, size }: CodeRange, direction: 1 | -1): CodeRange | null {
  const start = direction === 1 ? address + size : address - 1;
  for (let step = 0; step < MAX_PADDING; step++) {
    const range = image.codeRangeAt(start + direction * step);
    if (range !== null) return range;
  }
  return null;
}
