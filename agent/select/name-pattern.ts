/**
 * How a typed pattern fits a function's name. Names are compared in simple spelling: `main.(*Server).Checkout` is
 * `main.Server.Checkout`, `main.Sum[...]` is `main.Sum`. C++ names are compared without return type as typed, so that
 * parameters and template arguments choose among overloads; then without those. A suffix starts behind `.`, `/` or `::`.
 */

export interface NamePattern {
  text: string;
  /** From the narrowest to the widest: the first that fits any name decides. */
  fits: readonly ((name: string) => boolean)[];
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
  const [asTyped = ''] = spellings(text);
  const word = lastWord(plain);
  // The cheap test first: only names that contain the pattern's last word are worth spelling out.
  const likely = (test: (name: string) => boolean) => (name: string) => plain !== '' && name.includes(word) && test(name);
  const narrow = /[(<]/.test(text)
    ? [
        likely((name) => spellings(name).includes(asTyped)),
        likely((name) => spellings(name).some((each) => endsAtBoundary(each, asTyped))),
      ]
    : [];
  return {
    text,
    fits: [
      ...narrow,
      likely((name) => simpleSpelling(name) === plain),
      likely((name) => endsAtBoundary(simpleSpelling(name), plain)),
    ],
  };
}

/** A C++ name without return type: with parameters, and without them but with template arguments. */
function spellings(name: string): string[] {
  const end = parametersAt(name);
  if (end < 0) return [withoutReturnType(name)];
  const bare = withoutReturnType(name.slice(0, end));
  return [bare + name.slice(end), bare];
}

function compileGlob(text: string): NamePattern {
  const body = simpleSpelling(text.replaceAll('(*', '(')).split('*').map(escapeLiteral).join('.*');
  const whole = new RegExp(`^${body}$`, 's');
  const suffix = new RegExp(`(?:^|[./]|::)${body}$`, 's');
  return { text, fits: [(name) => whole.test(simpleSpelling(name)), (name) => suffix.test(simpleSpelling(name))] };
}

function endsAtBoundary(name: string, suffix: string): boolean {
  if (!name.endsWith(suffix)) return false;
  const before = name.slice(0, name.length - suffix.length);
  return before === '' || before.endsWith('.') || before.endsWith('/') || before.endsWith('::');
}

/** Receivers without `(*…)`, generics without `[…]`, C++ without return type, template arguments and parameters. */
export function simpleSpelling(name: string): string {
  const go = name.includes('[') ? name.replaceAll(/\[[^\]]*\]+/g, '') : name;
  if (!go.includes('(')) return go;
  const bare = go.replaceAll(/(?<=^|[./])\(\*?([\w.]+)\)(?=\.)/g, '$1');
  const end = parametersAt(bare);
  return end < 0 ? bare : withoutReturnType(withoutTemplateArguments(bare.slice(0, end)));
}

const ANONYMOUS = '(anonymous namespace)';

/** Where "(int) const" begins in "ns::f<(A)1>(int) const"; -1 when the name has no parameters. */
function parametersAt(name: string): number {
  let depth = 0;
  for (let at = 0; at < name.length; at++) {
    const isOperator = name.endsWith('operator', at);
    if (name[at] === '<' && !isOperator) depth++;
    if (name[at] === '>' && !isOperator && name[at - 1] !== '-') depth--;
    if (name[at] !== '(' || depth > 0 || isOperator || name.startsWith(ANONYMOUS, at)) continue;
    return at === 0 ? -1 : at;
  }
  return -1;
}

/** "ns::f<int>" is "ns::f". */
function withoutTemplateArguments(name: string): string {
  if (!name.endsWith('>') || name.endsWith('operator>') || name.endsWith('->')) return name;
  const open = openingOf(name);
  return open > 0 ? name.slice(0, open) : name;
}

function openingOf(name: string): number {
  let depth = 0;
  for (let at = name.length - 1; at > 0; at--) {
    if (name[at] === '>') depth++;
    if (name[at] === '<' && --depth === 0) return at;
  }
  return -1;
}

/** "void ns::f" is "ns::f": templates carry their return type. It ends at the last space outside of all brackets. */
function withoutReturnType(name: string): string {
  if (name.includes('operator')) return name;
  let depth = 0;
  for (let at = name.length - 1; at > 0; at--) {
    if (name[at] === '>' || name[at] === ')') depth++;
    if (name[at] === '<' || name[at] === '(') depth--;
    if (name[at] === ' ' && depth === 0) return name.slice(at + 1);
  }
  return name;
}

const lastWord = (text: string): string => /\w+\W*$/.exec(text)?.[0] ?? text;

const escapeLiteral = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
