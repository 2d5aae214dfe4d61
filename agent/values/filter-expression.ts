/**
 * The language of --filter: comparisons joined by && and ||, with parentheses and !; `name=value` of the RFD is a
 * comparison too. Names are arguments, results (`result`, `err`, their names) or `duration`; `order.Amount` goes one level in.
 */

import { CoralError } from '../../proto/errors.js';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Literal =
  | { kind: 'string'; value: string }
  | { kind: 'number'; value: bigint }
  | { kind: 'duration'; ns: bigint }
  | { kind: 'bool'; value: boolean }
  | { kind: 'nil' }
  /** As the RFD writes it, without quotes: text, a number or a word, as the value's type asks. */
  | { kind: 'bare'; text: string };

export interface Condition {
  name: string;
  compare: Comparison;
  literal: Literal;
}

/** A filter as a disjunction of conjunctions. */
export type Filter = Condition[][];

type Node = { kind: 'condition'; condition: Condition } | { kind: 'and' | 'or'; left: Node; right: Node };

/** Far more than the kernel evaluates: eight comparisons. */
const MAX_LENGTH = 4096;
const MAX_NESTING = 64;
const MAX_ALTERNATIVES = 256;

/** Parses one expression; USAGE with the place of the fault, UNSUPPORTED when it multiplies out to too many alternatives. */
export function parseFilter(source: string): Filter {
  if (source.length > MAX_LENGTH) throw tooLong(source.length);
  const parser = new FilterParser(source);
  return disjunction(parser.parse());
}

/** The RFD's filter `name=value`. */
export function equalityFilter(name: string, text: string): Filter {
  return [[{ name, compare: '==', literal: { kind: 'bare', text } }]];
}

/** A bare text as a word or number; a string where it is neither. */
export function readBare(text: string): Literal {
  if (text === 'nil' || text === 'null') return { kind: 'nil' };
  if (text === 'true' || text === 'false') return { kind: 'bool', value: text === 'true' };
  if (/^-?(?:0x[\da-f]+|\d+)$/i.test(text)) return { kind: 'number', value: parseInteger(text) };
  if (/^-?\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h)$/.test(text)) return { kind: 'duration', ns: durationNs(text) };
  return { kind: 'string', value: text };
}

/** Several filters must all match. UNSUPPORTED: alternatives multiply, twenty choices of two make a million. */
export function allOf(filters: readonly Filter[]): Filter {
  return filters.reduce<Filter>(
    (all, filter) => {
      if (all.length * filter.length > MAX_ALTERNATIVES) throw tooManyAlternatives();
      return all.flatMap((left) => filter.map((right) => [...left, ...right]));
    },
    [[]],
  );
}

const tooLong = (length: number): CoralError =>
  new CoralError('USAGE', `--filter has ${length} characters; at most ${MAX_LENGTH} are read`, 'simplify the filter');

const tooManyAlternatives = (): CoralError =>
  new CoralError('UNSUPPORTED', `the filter has more than ${MAX_ALTERNATIVES} alternatives`, 'simplify the filter');

function disjunction(node: Node): Filter {
  if (node.kind === 'condition') return [[node.condition]];
  if (node.kind === 'or') return [...disjunction(node.left), ...disjunction(node.right)];
  return allOf([disjunction(node.left), disjunction(node.right)]);
}

const NEGATED: Record<Comparison, Comparison> = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };
const TOKEN =
  /(?:(&&|\|\||==|!=|<=|>=|[<>=!()])|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))\b|(-?(?:0x[\da-f]+|\d+))(?![\w.])|([A-Za-z_~][\w.]*))/iy;
const UNIT_NS: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

interface Token {
  kind: 'operator' | 'string' | 'duration' | 'number' | 'name' | 'end';
  text: string;
  at: number;
}

class FilterParser {
  private readonly tokens: Token[] = [];
  private at = 0;
  private nesting = 0;

  constructor(private readonly source: string) {
    this.tokenize();
  }

  parse(): Node {
    const node = this.or(false);
    if (this.peek().kind !== 'end') throw this.fault('expected && or ||');
    return node;
  }

  private tokenize(): void {
    const kinds = ['operator', 'string', 'duration', 'number', 'name'] as const;
    for (let at = this.skipSpace(0); at < this.source.length; at = this.skipSpace(TOKEN.lastIndex)) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(this.source);
      if (!match) throw this.faultAt(at, 'unexpected character');
      const group = kinds.findIndex((_, i) => match[i + 1] !== undefined);
      this.tokens.push({ kind: kinds[group] ?? 'name', text: match[group + 1] ?? '', at });
    }
    this.tokens.push({ kind: 'end', text: '', at: this.source.length });
  }

  private skipSpace(from: number): number {
    return from + (this.source.slice(from).length - this.source.slice(from).trimStart().length);
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '', at: this.source.length };
  }

  private take(text: string): boolean {
    if (this.peek().kind !== 'operator' || this.peek().text !== text) return false;
    this.at++;
    return true;
  }

  /** De Morgan on the way down: below a `!` and and or change places. */
  private or(negated: boolean): Node {
    let left = this.and(negated);
    while (this.take('||')) left = { kind: negated ? 'and' : 'or', left, right: this.and(negated) };
    return left;
  }

  private and(negated: boolean): Node {
    let left = this.unary(negated);
    while (this.take('&&')) left = { kind: negated ? 'or' : 'and', left, right: this.unary(negated) };
    return left;
  }

  private unary(negated: boolean): Node {
    let turned = negated;
    while (this.take('!')) turned = !turned;
    if (!this.take('(')) return { kind: 'condition', condition: this.condition(turned) };
    if (++this.nesting > MAX_NESTING) throw this.fault(`at most ${MAX_NESTING} parentheses may be open`);
    const inside = this.or(turned);
    if (!this.take(')')) throw this.fault('expected )');
    this.nesting--;
    return inside;
  }

  private condition(negated: boolean): Condition {
    const name = this.peek();
    if (name.kind !== 'name') throw this.fault('expected the name of an argument, a result or `duration`');
    this.at++;
    const compare = this.comparison();
    return { name: name.text, compare: negated ? NEGATED[compare] : compare, literal: this.literal() };
  }

  private comparison(): Comparison {
    const token = this.peek();
    const text = token.text === '=' ? '==' : token.text;
    if (token.kind !== 'operator' || !Object.hasOwn(NEGATED, text)) throw this.fault('expected ==, !=, <, <=, > or >=');
    this.at++;
    return text as Comparison;
  }

  private literal(): Literal {
    const token = this.peek();
    this.at++;
    if (token.kind === 'string') return { kind: 'string', value: unquote(token.text) };
    if (token.kind === 'duration') return { kind: 'duration', ns: durationNs(token.text) };
    if (token.kind === 'number') return { kind: 'number', value: parseInteger(token.text) };
    if (token.kind !== 'name') throw this.faultAt(token.at, 'expected a value');
    if (token.text === 'nil' || token.text === 'null') return { kind: 'nil' };
    if (token.text === 'true' || token.text === 'false') return { kind: 'bool', value: token.text === 'true' };
    return { kind: 'string', value: token.text }; // the RFD's name=value has no quotes
  }

  private fault(expected: string): CoralError {
    return this.faultAt(this.peek().at, expected);
  }

  private faultAt(at: number, expected: string): CoralError {
    return new CoralError(
      'USAGE',
      `--filter '${this.source}': ${expected} at character ${at + 1}`,
      'write comparisons such as userID == "u_1" && amount > 100, duration > 50ms, err != nil',
      { filter: this.source, at },
    );
  }
}

const unquote = (text: string): string => text.slice(1, -1).replace(/\\(.)/g, '$1');

function durationNs(text: string): bigint {
  const unit = /[a-zµ]+$/i.exec(text)?.[0] ?? 'ns';
  const ns = Number.parseFloat(text) * (UNIT_NS[unit.toLowerCase()] ?? 1);
  return BigInt(Number.isFinite(ns) ? Math.round(ns) : Number.MAX_VALUE);
}

const parseInteger = (text: string): bigint => (text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text));
