/**
 * Globs as shells have them: `*` is anything, `?` any character, `[a-c]` one of these, `[!a-c]` one of the others. In
 * Go's names `(*T)` is a receiver and `[...]` stands for type arguments: neither makes a glob.
 */

const CLASS = /\[(?!\.\.\.\])[^\]]+\]/;

/** Whether a pattern asks for all functions that fit. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text.replaceAll('(*', '(')) || CLASS.test(text);
}

/** Whether what stands in brackets could be type arguments: no type has a range, or begins with a negation. */
export function mayBeTypes(text: string): boolean {
  return !/[*?]/.test(text.replaceAll(/\[[^\]]*\]/g, '').replaceAll('(*', '(')) && !/\[[!^]|\[[^\]]*\w-\w/.test(text);
}

/** A glob against whole names, and against what stands behind a boundary in them. */
export interface Glob {
  whole(name: string): boolean;
  suffix(name: string): boolean;
}

/** Each text between stars is taken where it comes first: no way back, whatever the glob. */
export function compileGlob(glob: string): Glob {
  const pieces = splitAtStars(glob).map(compilePiece);
  const [first, last] = [pieces[0]!, pieces.at(-1)!];

  const fitsFrom = (name: string, start: number): boolean => {
    if (pieces.length === 1) return name.length - start === first.length && first.fits(name, start);
    if (!first.fits(name, start)) return false;
    let at = start + first.length;
    for (const piece of pieces.slice(1, -1)) {
      const found = piece.find(name, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return name.length - last.length >= at && last.fits(name, name.length - last.length);
  };
  /** What does not fit from the first place that begins right fits from no later one. */
  const firstStart = (name: string): number => {
    if (pieces.length === 1) return name.length - first.length;
    let start = first.find(name, 0);
    while (start >= 0 && !isBoundary(name, start)) start = first.find(name, start + 1);
    return start;
  };
  return {
    whole: (name) => fitsFrom(name, 0),
    suffix: (name) => {
      const start = firstStart(name);
      return start >= 0 && isBoundary(name, start) && fitsFrom(name, start);
    },
  };
}

/** Whether a name's own part may begin at a place: at the start, behind `.`, `/` or `::`. */
export const isBoundary = (name: string, at: number): boolean =>
  at === 0 || name[at - 1] === '.' || name[at - 1] === '/' || (name[at - 1] === ':' && name[at - 2] === ':');

/** Text without stars: as long as what it fits. */
interface Piece {
  length: number;
  fits(name: string, at: number): boolean;
  /** The first place from `from` on; -1 when there is none. */
  find(name: string, from: number): number;
}

/** Stars between brackets are characters of a class. */
function splitAtStars(glob: string): string[] {
  const pieces = [''];
  for (const part of glob.split(/(\[[^\]]+\]|\*)/)) {
    if (part === '*') pieces.push('');
    else pieces.push(pieces.pop() + part);
  }
  return pieces;
}

function compilePiece(text: string): Piece {
  const characters = text.split(/(\?|\[[^\]]+\])/).filter((part) => part !== '');
  const length = characters.reduce((sum, part) => sum + (part === '?' || CLASS.test(part) ? 1 : part.length), 0);
  const body = characters.map(expressionOf).join('');
  const [here, anywhere] = [new RegExp(body, 'sy'), new RegExp(body, 'sg')];
  return {
    length,
    fits: (name, at) => {
      here.lastIndex = at;
      return at >= 0 && here.test(name);
    },
    find: (name, from) => {
      anywhere.lastIndex = from;
      return anywhere.exec(name)?.index ?? -1;
    },
  };
}

function expressionOf(part: string): string {
  if (part === '?') return '.';
  if (!CLASS.test(part)) return escapeLiteral(part);
  const negated = /^\[[!^]/.test(part);
  const characters = part.slice(negated ? 2 : 1, -1).replaceAll(/[\]\\^[]/g, '\\$&');
  return classOf(`[${negated ? '^' : ''}${characters}]`);
}

/** A range that runs backwards fits nothing, as in shells. */
function classOf(expression: string): string {
  try {
    new RegExp(expression);
    return expression;
  } catch {
    return '[]';
  }
}

const escapeLiteral = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
