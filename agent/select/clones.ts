/** GCC's clones that stand for the whole function, made for certain arguments: "f.constprop.0", "ns::f(int) [isra.0]". */

import type { FunctionTable } from '../symbols/image.js';

const CLONE = /(?:\.(?:constprop|isra)\.\d+)+$| \[(?:constprop|isra)\.\d+(?: (?:constprop|isra)\.\d+)*\]$/;

/** Whether the name is of such a clone. Parts of functions (`.part.0`) are none: the function calls them. */
export function isClone(name: string): boolean {
  return (name.includes('constprop') || name.includes('isra')) && CLONE.test(name);
}

/** The function that a clone stands for; other names as they are. */
export function originalOf(name: string): string {
  return isClone(name) ? name.replace(CLONE, '') : name;
}

/** Rows by the name of the function that they are clones of, found once a program. */
const known = new WeakMap<FunctionTable, ReadonlyMap<string, number[]>>();

/** Rows of the clones of a function, ascending. */
export function clonesOf(functions: FunctionTable, original: string): readonly number[] {
  const clones = known.get(functions) ?? findClones(functions);
  known.set(functions, clones);
  return clones.get(original) ?? [];
}

function findClones(functions: FunctionTable): ReadonlyMap<string, number[]> {
  const clones = new Map<string, number[]>();
  functions.names().forEach((name, row) => {
    if (!isClone(name)) return;
    const original = originalOf(name);
    const rows = clones.get(original);
    if (rows) rows.push(row);
    else clones.set(original, [row]);
  });
  return clones;
}
