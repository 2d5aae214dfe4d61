/** GCC's clones that stand for the whole function, made for certain arguments: "f.constprop.0", "ns::f(int) [isra.0]". */

const CLONE = /(?:\.(?:constprop|isra)\.\d+)+$| \[(?:constprop|isra)\.\d+(?: (?:constprop|isra)\.\d+)*\]$/;

/** Whether the name is of such a clone. Parts of functions (`.part.0`) are none: the function calls them. */
export function isClone(name: string): boolean {
  return (name.includes('constprop') || name.includes('isra')) && CLONE.test(name);
}

/** The function that a clone stands for; other names as they are. */
export function originalOf(name: string): string {
  return isClone(name) ? name.replace(CLONE, '') : name;
}
