/**
 * Globs without regular expressions, which go back and forth over a name for ever where a glob has many stars: `*` is
 * anything, `?` any character, `[a-c]` one of these, `[!a-c]` one of the others. At most name times glob steps.
 */

export interface Glob {
  /** The whole name. */
  fits(name: string): boolean;
  /** The name from a boundary on: its start, or behind `.`, `/` or `::`. */
  fitsSuffix(name: string): boolean;
}

const ANYTHING = '*';
type Token = typeof ANYTHING | ((character: string | undefined) => boolean);

/** Reads a glob. */
export function compileGlobMatch(glob: string): Glob {
  const tokens = (glob.match(/\[(?!\.\.\.\])[^\]]+\]|./gs) ?? []).map(tokenOf);
  const star = tokens.indexOf(ANYTHING);
  const head = star < 0 ? tokens : tokens.slice(0, star);
  return {
    fits: (name) => fitsFrom(name, 0, tokens),
    fitsSuffix(name) {
      if (star < 0) return isBoundary(name, name.length - head.length) && fitsFrom(name, name.length - head.length, tokens);
      const start = firstStart(name, head);
      return start >= 0 && fitsFrom(name, start, tokens);
    },
  };
}

/** What does not fit from the first place that begins right fits from no later one: the star takes all between them. */
function firstStart(name: string, head: readonly Token[]): number {
  for (let start = 0; start <= name.length; start++) {
    if (isBoundary(name, start) && head.every((token, i) => takes(token, name[start + i]))) return start;
  }
  return -1;
}

/** Each stretch between stars is taken where it comes first: going back to the last star is enough. */
function fitsFrom(name: string, start: number, tokens: readonly Token[]): boolean {
  let [at, next, lastStar, retryAt] = [start, 0, -1, -1];
  while (at < name.length) {
    const token = tokens[next];
    if (token === ANYTHING) [lastStar, retryAt] = [next++, at];
    else if (token?.(name[at])) [at, next] = [at + 1, next + 1];
    else if (lastStar < 0) return false;
    else [at, next] = [++retryAt, lastStar + 1];
  }
  return tokens.slice(next).every((token) => token === ANYTHING);
}

/** Whether a name's part may begin here. */
export const isBoundary = (name: string, at: number): boolean =>
  at === 0 || name[at - 1] === '.' || name[at - 1] === '/' || (name[at - 1] === ':' && name[at - 2] === ':');

const takes = (token: Token, character: string | undefined): boolean => token !== ANYTHING && token(character);

function tokenOf(text: string): Token {
  if (text === '*') return ANYTHING;
  if (text === '?') return (character) => character !== undefined;
  if (text.length === 1) return (character) => character === text;
  const isNegated = /^\[[!^]/.test(text);
  const members = text.slice(isNegated ? 2 : 1, -1);
  return (character) => character !== undefined && isAmong(character, members) !== isNegated;
}

function isAmong(character: string, members: string): boolean {
  for (let at = 0; at < members.length; at++) {
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    const [from, to] = [members[at] as string, members[isRange ? at + 2 : at] as string];
    if (character >= from && character <= to) return true;
    if (isRange) at += 2;
  }
  return false;
}
