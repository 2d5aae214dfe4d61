/** `--function` patterns in one process: in its program, or with `library:name` in a library it has mapped. Pure but for the opening of images. */

import { basename } from 'node:path';
import { CoralError } from '../../proto/errors.js';
import type { MappedFile } from '../procfs/mapped-files.js';
import { type Selection as Selected, selectFunctions, selectionError } from '../select/select-functions.js';
import type { MappedImage, NamedFunction, Selection } from '../sessions/ports.js';
import { withoutDelegates } from './delegates.js';

type OpenFile = (file: MappedFile) => MappedImage;

/** Throws when a pattern is ambiguous, or when nothing at all was found. Functions that exist only as copies are refused by name. */
export function selectInProcess(patterns: readonly string[], files: readonly MappedFile[], open: OpenFile): Selection {
  const selection: Selection = { functions: [], refused: [] };
  let missed: CoralError | null = null;
  for (const [file, names] of byFile(patterns, files)) {
    const mapped = open(file);
    const selected = selectFunctions(mapped.image, names);
    if (selected.ambiguous.length > 0) throw selectionError({ ...selected, notFound: [] }, mapped.shownPath);
    missed ??= selectionError({ ...selected, notFound: selected.notFound.filter(isUnknown) }, mapped.shownPath);
    selection.refused.push(...selected.notFound.map(refuse));
    selection.functions.push(...groupByName(mapped, selected.rows));
  }
  if (missed && selection.functions.length === 0) throw foundInLibrary(missed, files, open) ?? missed;
  return selection;
}

function byFile(patterns: readonly string[], files: readonly MappedFile[]): Map<MappedFile, string[]> {
  const groups = new Map<MappedFile, string[]>();
  for (const pattern of patterns) {
    const { file, name } = locate(pattern, files);
    groups.set(file, [...(groups.get(file) ?? []), name]);
  }
  return groups;
}

/** C++ names hold `::`, so only a prefix that is a mapped file's name makes a library of it. */
function locate(pattern: string, files: readonly MappedFile[]): { file: MappedFile; name: string } {
  const library = /^([^:]+):([^:].*)$/.exec(pattern);
  const program = files.find((file) => file.isProgram);
  if (library) {
    const [, wanted = '', name = ''] = library;
    const file = libraryNamed(wanted, files);
    if (file) return { file, name };
    if (/\.so(\.|$)/.test(wanted)) throw libraryNotMapped(wanted, files);
  }
  if (!program) throw new CoralError('PROCESS_NOT_FOUND', 'the process has exited', 'see coral services');
  return { file: program, name: pattern };
}

/** By its path or file name, or by the shorter name that a longer version stands for: libstdc++.so.6 is libstdc++.so.6.0.30. */
export function libraryNamed<File extends Pick<MappedFile, 'shownPath'>>(
  wanted: string,
  files: readonly File[],
): File | undefined {
  const exact = files.find((each) => basename(each.shownPath) === wanted || each.shownPath === wanted);
  if (exact || !/\.so(\.|$)/.test(wanted)) return exact;
  const longer = files.filter((each) => basename(each.shownPath).startsWith(`${wanted}.`));
  return longer.length === 1 ? longer[0] : undefined;
}

function libraryNotMapped(wanted: string, files: readonly MappedFile[]): CoralError {
  const candidates = files.filter((file) => !file.isProgram).map((file) => basename(file.shownPath));
  const hint = candidates.length > 0 ? `it has mapped ${candidates.join(', ')}` : 'it has mapped no library';
  return new CoralError('FUNCTION_NOT_FOUND', `the process has not mapped ${wanted}`, hint, { library: wanted, candidates });
}

/** What the program lacks may be in a library of the process: the error with that name as what was meant. */
function foundInLibrary({ message, details }: CoralError, files: readonly MappedFile[], open: OpenFile): CoralError | null {
  const { pattern } = details as { pattern: string };
  const candidates = files
    .filter((file) => !file.isProgram && holds(file, pattern, open))
    .map((file) => `${basename(file.shownPath)}:${pattern}`);
  if (candidates.length === 0) return null;
  return new CoralError('FUNCTION_NOT_FOUND', message, `a library has it: ${candidates.join(', ')}`, { ...details, candidates });
}

function holds(file: MappedFile, name: string, open: OpenFile): boolean {
  try {
    return selectFunctions(open(file).image, [name]).rows.length > 0;
  } catch {
    return false; // a file that cannot be read has no function to offer
  }
}

const isUnknown = ({ inlined }: Selected['notFound'][number]): boolean => inlined.length === 0;

function refuse({ pattern, inlined, nearest }: Selected['notFound'][number]): Selection['refused'][number] {
  const [copy] = inlined;
  if (copy) {
    const reason = `it has no body: the compiler inlined all ${copy.copies} of its calls`;
    return { function: copy.name, code: 'INLINED_EVERYWHERE', reason };
  }
  const reason = nearest.length > 0 ? `there is no such function; near: ${nearest.join(', ')}` : 'there is no such function';
  return { function: pattern, code: 'NOT_FOUND', reason };
}

function groupByName(mapped: MappedImage, rows: readonly number[]): NamedFunction[] {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const name = mapped.image.functions.name(row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, group]) => ({ name, mapped, rows: withoutDelegates(mapped.image, name, group) }));
}
