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
  /** Why the text is not a query (a malformed regular expression). */
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

function parseRegex(source: string): Term | string {
  try {
    return { kind: 'regex', text: source, regex: new RegExp(source, 'i') };
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
