/**
 * How a typed pattern fits a function's name. Names are compared in simple spelling: `main.(*Server).Checkout` is
 * `main.Server.Checkout`, `main.Sum[...]` is `main.Sum`. C++ names are compared without return type as typed, so that
 * parameters and template arguments choose among overloads; then without those. A suffix starts behind `.`, `/` or `::`.
 */

import { compileGlob, isBoundary, isGlob, mayBeTypes } from './glob.js';

export interface NamePattern {
  text: string;
  /** From the narrowest to the widest: the first that fits any name decides. */
  fits: readonly Fit[];
}

/** One meaning of a pattern. */
export interface Fit {
  test(name: string): boolean;
  /** A glob: all functions that fit are meant. */
  many: boolean;
}

type Test = Fit['test'];

/** What brackets and operators mean is seen from the names: `Sum[int]` is a function's name where one is called so, else a glob. */
export function compilePattern(text: string): NamePattern {
  if (!isGlob(text)) return { text, fits: fitsOfName(text) };
  const brackets = text.includes('[') && mayBeTypes(text);
  const generic = (test: Test): Test => (brackets ? (name) => name.includes('[') && test(name) : test);
  const asName =
    brackets || OPERATOR.test(text) ? fitsOfName(text).map(({ test }) => ({ test: generic(test), many: false })) : [];
  return { text, fits: [...asName, ...fitsOfGlob(text)] };
}

/** `operator*`, `operator[]`: no globs where there is such a function. */
const OPERATOR = /operator[^\w\s]+$/;

function fitsOfName(text: string): Fit[] {
  const plain = simpleSpelling(text);
  const [asTyped = ''] = spellings(text);
  const word = lastWord(plain);
  // The cheap test first: only names that contain the pattern's last word are worth spelling out.
  const likely = (test: Test): Fit => ({ test: (name) => plain !== '' && name.includes(word) && test(name), many: false });
  const narrow = /[(<]/.test(text)
    ? [
        likely((name) => spellings(name).includes(asTyped)),
        likely((name) => spellings(name).some((each) => endsAtBoundary(each, asTyped))),
      ]
    : [];
  return [
    ...narrow,
    likely((name) => simpleSpelling(name) === plain),
    likely((name) => endsAtBoundary(simpleSpelling(name), plain)),
    likely((name) => endsAtBoundary(byType(simpleSpelling(name)), plain)),
    likely((name) => endsAtBoundary(ofNoTemplate(byType(simpleSpelling(name))), plain)),
  ];
}

/** Whole names, then suffixes; in simple spelling or as they are shown. */
function fitsOfGlob(text: string): Fit[] {
  const simple = simpleSpelling(text.replaceAll('(*', '('), 'glob');
  const globs = [...new Set([simple, text])].map(compileGlob);
  const fitting = (how: 'whole' | 'suffix'): Fit => ({
    test: (name) => {
      const spelled = simpleSpelling(name);
      return globs.some((glob) => glob[how](spelled) || glob[how](name));
    },
    many: true,
  });
  return [fitting('whole'), fitting('suffix')];
}

/** A C++ name without return type: with parameters, and without them but with template arguments. */
function spellings(name: string): string[] {
  const end = parametersAt(name);
  if (end < 0) return [withoutReturnType(name)];
  const bare = withoutReturnType(name.slice(0, end));
  return [bare + name.slice(end), bare + splitOffMark(name)];
}

function endsAtBoundary(name: string, suffix: string): boolean {
  if (!name.endsWith(suffix)) return false;
  return isBoundary(name, name.length - suffix.length);
}

/** Nobody types a longer one, and a hostile program's could be of any length. */
const MAX_SPELLED = 4096;

/**
 * Receivers without `(*…)`, generics without `[…]`, C++ without return type, template arguments and parameters, but with
 * the mark of a function that the compiler split off: `f(int) [resume]` is `f [resume]`.
 */
export function simpleSpelling(name: string, kind: 'name' | 'glob' = 'name'): string {
  if (name.length > MAX_SPELLED) return name;
  const mark = splitOffMark(name);
  const unmarked = mark === '' ? name : name.slice(0, -mark.length);
  return spellSimply(unmarked.includes('[') ? withoutTypes(unmarked, kind) : unmarked) + mark;
}

/** As `agent/symbols` names them; clones that stand for the whole function (`clones.ts`) have other marks. */
const SPLIT_OFF = / \[(?:part\.\d+|resume|destroy|cleanup|actor|thunk)\]$/;

const splitOffMark = (name: string): string => (name.endsWith(']') ? (SPLIT_OFF.exec(name)?.[0] ?? '') : '');

/** Of a glob only `[...]` is left out: other brackets are classes of characters. */
function withoutTypes(name: string, kind: 'name' | 'glob'): string {
  return name.replaceAll(kind === 'name' ? /(?<!operator|new|delete)\[[^\]]*\]+/g : /\[\.\.\.\]/g, '');
}

function spellSimply(name: string): string {
  if (!name.includes('(')) return name;
  const bare = name.replaceAll(/(?<=^|[./])\(\*?([\w.]+)\)(?=\.)/g, '$1');
  const end = parametersAt(bare);
  return end < 0 ? bare : withoutReturnType(withoutTemplateArguments(bare.slice(0, end)));
}

const ANONYMOUS = '(anonymous namespace)';

/**
 * Where "(int) const" begins in "ns::f<(A)1>(int) const"; -1 when the name has no parameters. Those of the functions that
 * it lies in belong to the name: "ns::f(int)::{lambda(char)#1}::operator()(char)".
 */
function parametersAt(name: string): number {
  let depth = 0;
  for (let at = 0; at < name.length; at++) {
    const isOperator = name.endsWith('operator', at);
    if (name[at] === '{' || (name[at] === '<' && !isOperator)) depth++;
    if (name[at] === '}' || (name[at] === '>' && !isOperator && name[at - 1] !== '-')) depth--;
    if (name[at] !== '(' || depth > 0 || isOperator || name.startsWith(ANONYMOUS, at)) continue;
    const end = closingOf(name, at);
    if (!name.startsWith('::', end + 1) && !name.startsWith(' const::', end + 1)) return at === 0 ? -1 : at;
    at = end;
  }
  return -1;
}

/** The bracket that closes the one at a place; the end of the name where none does. An arrow closes none. */
function closingOf(name: string, open: number): number {
  const closing = name[open] === '<' ? '>' : ')';
  let depth = 0;
  for (let at = open; at < name.length; at++) {
    if (name[at] === name[open]) depth++;
    if (name[at] === closing && !name.endsWith('->', at + 1) && --depth === 0) return at;
  }
  return name.length;
}

/** "ns::f<int>" is "ns::f". */
function withoutTemplateArguments(name: string): string {
  if (!name.endsWith('>') || name.endsWith('operator>') || name.endsWith('->')) return name;
  const open = openingOf(name);
  return open > 0 ? name.slice(0, open) : name;
}

/** "ns::Stack<int>::push" is "ns::Stack::push". */
function ofNoTemplate(name: string): string {
  if (!name.includes('<') || name.includes('operator') || name.includes('->')) return name;
  const inner = name.replaceAll(/<[^<>]*>/g, '');
  return inner === name ? name : ofNoTemplate(inner);
}

/** Rust's "<ns::Stack<u8> as Trait>::push::<T>" is "ns::Stack<u8>::push". */
function byType(name: string): string {
  const bare = withoutTemplateArguments(name).replace(/::$/, '');
  const end = bare.startsWith('<') ? closingOf(bare, 0) : bare.length;
  return end === bare.length ? bare : bare.slice(1, end).replace(AS_TRAIT, '') + bare.slice(end + 1);
}

/** What a type is taken as: Rust writes no " as " within its types, but for other ones in brackets. */
const AS_TRAIT = / as [^<>]*(?:<.*>)?$/;

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
