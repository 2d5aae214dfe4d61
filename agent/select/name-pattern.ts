/**
 * How a typed pattern fits a function's name. Names are compared in simple spelling: `main.(*Server).Checkout` is
 * `main.Server.Checkout`, `main.Sum[...]` is `main.Sum`, C++ parameters are left out. A suffix starts behind `.`, `/` or `::`.
 */

export interface NamePattern {
  text: string;
  fitsWhole(name: string): boolean;
  fitsSuffix(name: string): boolean;
}

/** Prepares a pattern; `*` matches anything, except in `(*T)`, which is a Go receiver. */
export function compilePattern(text: string): NamePattern {
  return isGlob(text) ? compileGlob(text) : compileName(text);
}

/** Whether a pattern asks for all functions that fit. */
export function isGlob(text: string): boolean {
  return text.replaceAll('(*', '(').includes('*');
}

function compileName(text: string): NamePattern {
  const plain = simpleSpelling(text);
  const word = lastWord(plain);
  return {
    text,
    // The cheap test first: only names that contain the pattern's last word are worth spelling out.
    fitsWhole: (name) => plain !== '' && name.includes(word) && simpleSpelling(name) === plain,
    fitsSuffix: (name) => plain !== '' && name.includes(word) && endsAtBoundary(simpleSpelling(name), plain),
  };
}

function compileGlob(text: string): NamePattern {
  const body = simpleSpelling(text.replaceAll('(*', '(')).split('*').map(escapeLiteral).join('.*');
  const whole = new RegExp(`^${body}$`, 's');
  const suffix = new RegExp(`(?:^|[./]|::)${body}$`, 's');
  return { text, fitsWhole: (name) => whole.test(simpleSpelling(name)), fitsSuffix: (name) => suffix.test(simpleSpelling(name)) };
}

function endsAtBoundary(name: string, suffix: string): boolean {
  if (!name.endsWith(suffix)) return false;
  const before = name.slice(0, name.length - suffix.length);
  return before === '' || before.endsWith('.') || before.endsWith('/') || before.endsWith('::');
}

/** Receivers without `(*…)`, generics without `[…]`, C++ without parameters. */
export function simpleSpelling(name: string): string {
  const go = name.includes('[') ? name.replaceAll(/\[[^\]]*\]+/g, '') : name;
  const bare = go.includes('(') ? go.replaceAll(/\(\*?([\w.]+)\)(?=\.|$)/g, '$1') : go;
  return bare.includes('::') ? withoutParameters(bare) : bare;
}

/** "ns::f(int) const" is "ns::f"; operators and anonymous namespaces keep their parentheses. */
function withoutParameters(name: string): string {
  const open = name.replaceAll('(anonymous namespace)', '{anonymous namespace}').indexOf('(');
  return open > 0 && !name.slice(0, open).endsWith('operator') ? name.slice(0, open) : name;
}

const lastWord = (text: string): string => /\w+\W*$/.exec(text)?.[0] ?? text;

const escapeLiteral = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
