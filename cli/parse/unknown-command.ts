/** The message for words that name no command, or one that is not built. Pure. */

import { editDistance } from '../../proto/edit-distance.js';
import { CoralError } from '../../proto/errors.js';
import { NOT_BUILT } from '../commands/not-built.js';

const MAX_DISTANCE = 2;

/** An error when the line's first words name neither a command nor a group of commands; undefined when they may. */
export function unknownCommand(paths: readonly string[], argv: readonly string[]): CoralError | undefined {
  const [first, second] = argv.filter((word, at) => at < 2 && !word.startsWith('-'));
  if (first === undefined || paths.includes(first)) return undefined;
  if (Object.hasOwn(NOT_BUILT, first)) return notBuilt(first);
  const isGroup = paths.some((path) => path.startsWith(`${first} `));
  if (isGroup && (second === undefined || paths.includes(`${first} ${second}`))) return undefined;
  return unknown(isGroup ? `${first} ${second}` : first, nearCommands(first, second, paths));
}

function notBuilt(asked: string): CoralError {
  const { missing = '', meanwhile = '' } = NOT_BUILT[asked] ?? {};
  return new CoralError('NOT_IMPLEMENTED', `coral ${asked} was asked for; this version ${missing}`, meanwhile, {
    command: asked,
  });
}

/** The nearest first: commands of two words by both that were typed, the word that begins them where it stands alone. */
function nearCommands(first: string, second: string | undefined, paths: readonly string[]): string[] {
  const groups =
    second === undefined ? paths.flatMap((path) => (path.includes(' ') ? path.slice(0, path.indexOf(' ')) : [])) : [];
  return [...new Set([...paths, ...groups])]
    .map((path) => ({ path, distance: editDistance(path, path.includes(' ') ? `${first} ${second ?? ''}` : first) }))
    .filter(({ distance }) => distance <= MAX_DISTANCE)
    .sort((a, b) => a.distance - b.distance)
    .map(({ path }) => path);
}

function unknown(asked: string, near: readonly string[]): CoralError {
  const hint = `${near.length > 0 ? `did you mean ${near.join(' or ')}? ` : ''}see: coral --help`;
  return new CoralError('USAGE', `unknown command "${asked}"`, hint, { command: asked, near });
}
