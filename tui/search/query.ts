/** What a person types into a filter: words separated by spaces, all of which must hold. */

export type TermKind = 'fuzzy' | 'exact' | 'not' | 'regex';

export interface Term {
  readonly kind: TermKind;
  /** Lower case, except of a regular expression. */
  readonly text: string;
  readonly regex?: RegExp;
}

export interface Query {
  readonly terms: readonly Term[];
  /** Why the text is not a query (a regular expression that is malformed, or takes too long). */
  readonly error?: string;
}

/** Reads a filter: `'exact`, `!not`, `~regex`, everything else fuzzy. A lone sign is a word not yet typed. */
export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const term = parseWord(word);
    if (typeof term === 'string') return { terms, error: term };
    if (term !== undefined && term.text !== '') terms.push(term);
  }
  return { terms };
}

function parseWord(word: string): Term | string | undefined {
  const rest = word.slice(1);
  if (word.startsWith("'")) return { kind: 'exact', text: rest.toLowerCase() };
  if (word.startsWith('!')) return { kind: 'not', text: rest.toLowerCase() };
  if (word.startsWith('~')) return parseRegex(rest);
  return { kind: 'fuzzy', text: word.toLowerCase() };
}

/** Expressions that took too long: not tried again, or every frame of a filtered table would wait for them anew. */
const givenUp = new Set<string>();
const TOO_LONG = 'that expression takes too long';

/** The query as one that cannot be answered, from now on wherever it is asked. */
export function giveUpOn(query: Query): Query {
  for (const { kind, text } of query.terms) if (kind === 'regex') givenUp.add(text);
  return { ...query, error: TOO_LONG };
}

function parseRegex(source: string): Term | string {
  if (givenUp.has(source)) return TOO_LONG;
  try {
    return { kind: 'regex', text: source, regex: new RegExp(source, 'i') };
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
