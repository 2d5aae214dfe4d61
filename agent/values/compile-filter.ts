/** A filter as the kernel's predicates over captured bytes. What cannot be evaluated there is refused by name. */

import { CoralError } from '../../proto/errors.js';
import type { FunctionCapture } from './capture-plan.js';
import { allOf, type Comparison, type Condition, type Filter, readBare } from './filter-expression.js';
import type { CapturePlan, Recipe } from './plan.js';

/** Limits of bpf/capture.h. */
const PREDICATES = 8;
const PREDICATE_BYTES = 32;

export type PredicateKind = 'unsigned' | 'signed' | 'bytes' | 'duration';

export interface Predicate {
  kind: PredicateKind;
  compare: Comparison;
  /** Bytes of the value at `position`. */
  size: number;
  atReturn: boolean;
  position: number;
  lengthPosition: number;
  /** What the word at `lengthPosition` has to be; absent: how many `bytes` there are. */
  length?: bigint;
  /** Operations of the moment that must not have failed. */
  needs: number[];
  /** Those that must not have failed where a string's bytes decide, its length being right. */
  needsBytes: number[];
  value: bigint;
  bytes: Buffer;
}

export interface CompiledFilter {
  predicates: Predicate[];
  /** One mask of predicates a clause. */
  clauses: number[];
}

/** Compiles filters (all must match) for one function; UNSUPPORTED names the condition that cannot be evaluated. */
export function compileFilter(filters: Filter[], capture: FunctionCapture): CompiledFilter {
  const predicates: Predicate[] = [];
  const clauses = allOf(filters).map((clause) => clause.reduce((mask, condition) => mask | (1 << indexOf(condition)), 0));
  if (predicates.length > PREDICATES || clauses.length > PREDICATES) {
    throw new CoralError(
      'UNSUPPORTED',
      `the filter needs ${predicates.length} comparisons in ${clauses.length} alternatives; ${PREDICATES} of each are possible`,
      'simplify the filter',
    );
  }
  return { predicates, clauses: filters.length === 0 ? [] : clauses };

  function indexOf(condition: Condition): number {
    const predicate = compileCondition(condition, capture);
    const key = keyOf(predicate);
    const known = predicates.findIndex((other) => keyOf(other) === key);
    return known >= 0 ? known : predicates.push(predicate) - 1;
  }
}

const keyOf = (predicate: Predicate): string =>
  JSON.stringify({
    ...predicate,
    value: predicate.value.toString(),
    length: predicate.length?.toString(),
    bytes: predicate.bytes.toString('hex'),
  });

/** Whether filters ask for more than a call's duration, so that types are needed. */
export function needsValues(filters: readonly Filter[]): boolean {
  return filters.some((filter) => filter.some((clause) => clause.some(({ name }) => name !== 'duration')));
}

function compileCondition(condition: Condition, capture: FunctionCapture): Predicate {
  if (condition.name === 'duration' && !has(capture.entry, 'duration')) return onDuration(readLiteral(condition));
  const found = findValue(condition.name, capture);
  if (!found) throw refuse(condition, unknownName(condition.name, capture));
  return onValue(readLiteral(condition, found.recipe), found.recipe, found.atReturn);
}

/** What there is instead: fields where the value is known, else the function's values. */
function unknownName(name: string, capture: FunctionCapture): string {
  const [head = ''] = name.split('.');
  const value = head === name ? null : findValue(head, capture);
  if (value === null) return `the function has no argument or result of this name (it has: ${namesOf(capture)})`;
  const fields = structOf(value.recipe)?.fields.map((field) => field.name) ?? [];
  if (lengthOf(value.recipe)) return `${head} has a length, ${head}.len, and no fields`;
  return fields.length > 0
    ? `${head} has no such field (it has: ${fields.join(', ')})`
    : `${head} has no fields that can be read`;
}

/** A bare literal as the value's type asks: text for strings, whatever it looks like. */
function readLiteral(condition: Condition, recipe?: Recipe): Condition {
  const { literal } = condition;
  if (literal.kind !== 'bare') return condition;
  const isText = recipe?.kind === 'string' || recipe?.kind === 'cstring';
  return { ...condition, literal: isText ? { kind: 'string', value: literal.text } : readBare(literal.text) };
}

function onDuration(condition: Condition): Predicate {
  const { literal } = condition;
  const value = literal.kind === 'duration' ? literal.ns : literal.kind === 'number' ? literal.value : null;
  if (value === null) throw refuse(condition, 'a duration is compared with a duration such as 50ms');
  return { ...base(condition, true), kind: 'duration', value: within(condition, value, UNSIGNED) };
}

function onValue(condition: Condition, recipe: Recipe, atReturn: boolean): Predicate {
  const start = base(condition, atReturn);
  const { literal } = condition;
  if (literal.kind === 'nil') return { ...start, ...nilPredicate(condition, recipe) };
  if (literal.kind === 'string') return { ...start, ...textPredicate(condition, recipe, literal.value) };
  const value = numberOf(literal);
  if ('size' in recipe && recipe.size > WORD_BYTES) {
    throw refuse(condition, `the value has ${recipe.size} bytes, and ${WORD_BYTES} at most are compared`);
  }
  switch (recipe.kind) {
    case 'int':
      return {
        ...start,
        kind: 'signed',
        position: recipe.at,
        size: recipe.size,
        needs: recipe.ops,
        value: within(condition, value, signedOf(recipe.size)),
      };
    case 'uint':
    case 'bool':
      return {
        ...start,
        kind: 'unsigned',
        position: recipe.at,
        size: recipe.size,
        needs: recipe.ops,
        value: within(condition, value, unsignedOf(recipe.size)),
      };
    default:
      throw refuse(
        condition,
        `a ${recipe.kind === 'unreadable' ? `value that cannot be read (${recipe.reason})` : recipe.kind} does not compare with a number`,
      );
  }
}

const WORD_BYTES = 8;

/** What a value of so many bytes can be; the kernel compares with eight at most. */
const unsignedOf = (bytes: number) => ({ from: 0n, to: 2n ** BigInt(8 * bytes) - 1n });
const signedOf = (bytes: number) => ({ from: -(2n ** BigInt(8 * bytes - 1)), to: 2n ** BigInt(8 * bytes - 1) - 1n });
const UNSIGNED = unsignedOf(WORD_BYTES);

/** A number beyond would be compared as another one. */
function within(condition: Condition, value: bigint, { from, to }: typeof UNSIGNED): bigint {
  if (value >= from && value <= to) return value;
  throw refuse(condition, `the value lies between ${from} and ${to}, never at ${value}`);
}

function numberOf(literal: Condition['literal']): bigint {
  if (literal.kind === 'duration') return literal.ns;
  return literal.kind === 'number' || literal.kind === 'bool' ? BigInt(literal.value) : 0n;
}

function nilPredicate(condition: Condition, recipe: Recipe): Partial<Predicate> {
  const word = nilWord(recipe);
  if (!word) throw refuse(condition, 'the value has no nil');
  return { kind: 'unsigned', position: word.at, size: word.size ?? WORD_BYTES, needs: word.ops, value: 0n };
}

/** What is zero when the value is nil: a word, unless its size is said. */
function nilWord(recipe: Recipe): { at: number; ops: number[]; size?: number } | null {
  if (recipe.kind === 'optional') return { at: recipe.engaged, ops: recipe.ops, size: 1 };
  if (recipe.kind === 'interface') return { at: recipe.first, ops: recipe.ops };
  if (recipe.kind === 'pointer') return { at: recipe.pointer, ops: recipe.ops };
  if (recipe.kind === 'length' || recipe.kind === 'func' || recipe.kind === 'cstring')
    return { at: recipe.pointer, ops: recipe.headerOps };
  return null;
}

function textPredicate(condition: Condition, recipe: Recipe, text: string): Partial<Predicate> {
  if (recipe.kind === 'int' || recipe.kind === 'uint') throw refuse(condition, 'the value is a number');
  if (recipe.kind !== 'string' && recipe.kind !== 'cstring') throw refuse(condition, 'only strings compare with text');
  const bytes = Buffer.from(recipe.kind === 'cstring' ? `${text}\0` : text);
  if (condition.compare !== '==' && condition.compare !== '!=') throw refuse(condition, 'strings compare with == and !=');
  if (bytes.length > PREDICATE_BYTES)
    throw refuse(condition, `the text has ${bytes.length} bytes; ${PREDICATE_BYTES} are possible`);
  if (recipe.kind === 'cstring') return endedTextPredicate(recipe, bytes);
  const { at: position, length: lengthPosition, headerOps: needs, ops: needsBytes } = recipe;
  return { kind: 'bytes', position, lengthPosition, needs, needsBytes, bytes };
}

/** C keeps no length: the text with its NUL is compared, up to a word as a number, else with its first word in the length's stead. */
function endedTextPredicate({ at, headerOps, ops }: Extract<Recipe, { kind: 'cstring' }>, bytes: Buffer): Partial<Predicate> {
  const needs = [...headerOps, ...ops];
  const first = Buffer.concat([bytes, Buffer.alloc(8)]).readBigUInt64LE(0);
  if (bytes.length <= 8) return { kind: 'unsigned', position: at, size: bytes.length, needs, value: first };
  return { kind: 'bytes', position: at, lengthPosition: at, length: first, needs, needsBytes: [], bytes };
}

function findValue(name: string, capture: FunctionCapture): { recipe: Recipe; atReturn: boolean } | null {
  const [head = '', field] = name.split('.');
  for (const [plan, atReturn] of [
    [capture.entry, false],
    [capture.return, true],
  ] as const) {
    const index = plan.values.findIndex(
      (value, i) => value.name === head || (atReturn && isResultName(head, i, value.type, plan)),
    );
    const recipe = plan.values[index]?.recipe;
    if (!recipe) continue;
    const inner = field === undefined ? recipe : fieldOf(recipe, field);
    return inner ? { recipe: inner, atReturn } : null;
  }
  return null;
}

/** Unnamed results answer to `result`, `result0`, …, and the one error to `err`. */
const isResultName = (name: string, index: number, type: string, plan: CapturePlan): boolean =>
  name === `result${index}` ||
  (name === 'result' && index === 0) ||
  (name === 'err' && type === 'error' && plan.values.filter((v) => v.type === 'error').length === 1);

function fieldOf(recipe: Recipe, field: string): Recipe | null {
  const struct = structOf(recipe);
  if (!struct && field === 'len') return lengthOf(recipe);
  return struct?.fields.find((f) => f.name === field)?.value ?? null;
}

/** The length of a string, list or map, as a number; null where there is none, or it is the same for every call. */
function lengthOf(recipe: Recipe): Recipe | null {
  const target = behind(recipe);
  if (target === null || !('length' in target) || typeof target.length !== 'number') return null;
  const needs = target.kind === 'length' ? [...target.headerOps, ...target.ops] : target.headerOps;
  return { kind: 'uint', at: target.length, size: WORD_BYTES, ops: needs };
}

function structOf(recipe: Recipe): Extract<Recipe, { kind: 'struct' }> | null {
  const target = behind(recipe);
  return target?.kind === 'struct' ? target : null;
}

/** What a pointer shows; anything else itself. */
const behind = (recipe: Recipe): Recipe | null => (recipe.kind === 'pointer' ? recipe.target : recipe);

const base = (condition: Condition, atReturn: boolean): Predicate => ({
  kind: 'unsigned',
  compare: condition.compare,
  size: 8,
  atReturn,
  position: 0,
  lengthPosition: 0,
  needs: [],
  needsBytes: [],
  value: 0n,
  bytes: Buffer.alloc(0),
});

const has = (plan: CapturePlan, name: string): boolean => plan.values.some((value) => value.name === name);
const namesOf = ({ entry, return: results }: FunctionCapture): string =>
  [...entry.values.map((v) => v.name), ...results.values.map((v, i) => v.name || `result${i}`), 'duration']
    .filter(Boolean)
    .join(', ');

const refuse = (condition: Condition, why: string): CoralError =>
  new CoralError(
    'UNSUPPORTED',
    `--filter on ${condition.name}: ${why}`,
    "see the function's arguments in a capture (--capture-args)",
    { name: condition.name },
  );
