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

/** The expression that a glob stands for. */
export function globExpression(glob: string): string {
  return glob
    .split(/(\*|\?|\[[^\]]+\])/)
    .map(expressionOf)
    .join('');
}

function expressionOf(piece: string): string {
  if (piece === '*') return '.*';
  if (piece === '?') return '.';
  if (!CLASS.test(piece)) return escapeLiteral(piece);
  const negated = /^\[[!^]/.test(piece);
  const characters = piece.slice(negated ? 2 : 1, -1).replaceAll(/[\]\\^[]/g, '\\$&');
  return `[${negated ? '^' : ''}${characters}]`;
}

const escapeLiteral = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
