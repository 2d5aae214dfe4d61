/** An image's functions as the index that travels to callers, once a build id. */

import { encodeFunctionIndex, type FunctionIndex } from '../../proto/function-index.js';
import type { Image } from './image.js';

/** The packed index ("coral.functions/1+gzip"). */
export function packFunctionIndex(image: Image): Buffer {
  return encodeFunctionIndex(functionIndexOf(image));
}

/** The columns; files are numbered in the order of their first function. */
export function functionIndexOf(image: Image): FunctionIndex {
  const { functions, inlined } = image;
  const { files, file } = numberFiles(image);
  return {
    names: functions.names(),
    files,
    file,
    line: Uint32Array.from({ length: functions.count }, (_, row) => functions.line(row)),
    size: Uint32Array.from({ length: functions.count }, (_, row) => functions.size(row)),
    inlined: Uint32Array.from({ length: functions.count }, (_, row) => inlined.of(row)),
    offset: Float64Array.from({ length: functions.count }, (_, row) => image.fileOffset(functions.address(row)) ?? 0),
  };
}

function numberFiles({ functions }: Image): { files: string[]; file: Uint32Array } {
  const numbers = new Map<string, number>();
  const file = new Uint32Array(functions.count);
  for (let row = 0; row < functions.count; row++) {
    const path = functions.file(row);
    const number = numbers.get(path) ?? numbers.size;
    numbers.set(path, number);
    file[row] = number;
  }
  return { files: [...numbers.keys()], file };
}
