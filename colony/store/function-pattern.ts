/** Which functions a user means: a full name, a suffix that begins at a part of the name, or a glob. Pure. */

/** A test for names; the empty pattern fits all. */
export function functionPattern(pattern: string): (name: string) => boolean {
  if (pattern === '') return () => true;
  if (/[*?]/.test(pattern.replace('(*', '('))) return globTest(pattern);
  const plain = withoutPointers(pattern);
  return (name) => name === pattern || isSuffix(withoutPointers(name), plain);
}

/** `Server.Checkout` means `main.(*Server).Checkout` too. */
const withoutPointers = (name: string): string => name.replaceAll(/\(\*?([^()]*)\)/g, '$1');

const isSuffix = (name: string, suffix: string): boolean =>
  name === suffix || (name.endsWith(suffix) && /[./:]/.test(name[name.length - suffix.length - 1] ?? ''));

function globTest(pattern: string): (name: string) => boolean {
  const source = [...pattern].map((sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : sign.replace(/[\\^$.|+()[\]{}]/, '\\$&'),
  );
  const test = new RegExp(`^${source.join('')}$`);
  return (name) => test.test(name);
}
