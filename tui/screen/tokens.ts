/** The terminal's bytes cut into whole sequences: a split one waits for its rest, replies and pastes never become keys. */

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'sequence'; readonly sequence: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'reply'; readonly sequence: string };

export interface Cut {
  readonly tokens: readonly Token[];
  /** The beginning of a sequence whose rest has not come. */
  readonly rest: string;
}

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';
/** A paste whose end never comes is let go at this length, as text of a paste. */
const LONGEST_PASTE = 1 << 20;

const STRING_REPLY = /^\x1b[\]P_^X][\s\S]*?(?:\x07|\x1b\\)/;
const STRING_REPLY_BEGUN = /^\x1b[\]P_^X]/;
const REPORT = /^\x1b\[(?:\?[\d;]*(?:\$y|[cnuRhl])|>[\d;]*c|\d+;\d+R)/;
const X10_MOUSE = /^\x1b\[M[\s\S]{3}/;
const X10_MOUSE_BEGUN = /^\x1b\[M/;
const CSI = /^\x1b\[\[?[<?>=]?[\d;:]*[ -/]*[@-~]/;
const SS3 = /^\x1bO[ -~]/;
const META = /^\x1b[^[O\]P_^X\x1b]/u;

/** Cuts what has arrived. With `force` a sequence that is not complete by now is taken for single keys. */
export function cutTokens(arrived: string, force: boolean): Cut {
  const tokens: Token[] = [];
  let rest = arrived;
  while (rest !== '') {
    const token = nextToken(rest, force);
    if (token === undefined) break;
    tokens.push(token.token);
    rest = rest.slice(token.length);
  }
  return { tokens, rest };
}

function nextToken(text: string, force: boolean): { token: Token; length: number } | undefined {
  if (text[0] !== '\x1b') return plainText(text);
  if (text.startsWith(PASTE_START)) return paste(text);
  for (const [pattern, kind] of [
    [STRING_REPLY, 'reply'],
    [REPORT, 'reply'],
    [X10_MOUSE, 'reply'],
  ] as const) {
    const match = pattern.exec(text);
    if (match) return { token: { kind, sequence: match[0] }, length: match[0].length };
  }
  const unfinished = STRING_REPLY_BEGUN.test(text) || X10_MOUSE_BEGUN.test(text);
  const match = unfinished ? null : (CSI.exec(text) ?? SS3.exec(text) ?? META.exec(text));
  if (match) return { token: { kind: 'sequence', sequence: match[0] }, length: match[0].length };
  return force ? forced(text) : undefined;
}

function plainText(text: string): { token: Token; length: number } {
  const at = text.indexOf('\x1b');
  const length = at < 0 ? text.length : at;
  return { token: { kind: 'text', text: text.slice(0, length) }, length };
}

function paste(text: string): { token: Token; length: number } | undefined {
  const end = text.indexOf(PASTE_END);
  if (end < 0 && text.length < LONGEST_PASTE) return undefined;
  const until = end < 0 ? text.length : end;
  return {
    token: { kind: 'paste', text: text.slice(PASTE_START.length, until) },
    length: end < 0 ? until : end + PASTE_END.length,
  };
}

/** A lone Esc is the key. The unfinished rest of anything longer is dropped: it must not be typed. */
function forced(text: string): { token: Token; length: number } {
  const next = text.indexOf('\x1b', 1);
  if (text.length === 1 || next === 1) return { token: { kind: 'sequence', sequence: '\x1b' }, length: 1 };
  const length = next < 0 ? text.length : next;
  return { token: { kind: 'reply', sequence: text.slice(0, length) }, length };
}
