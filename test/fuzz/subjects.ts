/** All subjects, with their shares of a run: 1.25 million damaged files, symbols and documents, and a million streams of instructions. */

import { buildTarget } from '../targets/build-targets.js';
import { cBuild, cppBuild, goBuild, rustBuild } from '../targets/builds.js';
import { columnsSubject, indexSubject, snapshotSubject } from './document-subjects.js';
import { dwarfSubject } from './dwarf-subject.js';
import { elfSubject } from './elf-subject.js';
import { instructionSubject } from './instruction-subject.js';
import type { Subject } from './subject.js';
import { symbolSubject } from './symbol-subject.js';

/** Builds what they damage. */
export async function allSubjects(): Promise<Subject[]> {
  const [c, cpp, go, goPie, rust, cDebug, rustDebug] = await Promise.all(
    [
      ...[cBuild('O2'), cppBuild('O0'), goBuild('stripped'), goBuild('pie'), rustBuild('release'), cBuild('O0')],
      rustBuild('debug'),
    ].map(buildTarget),
  );
  return [
    elfSubject(c as string, 200_000),
    dwarfSubject(cDebug as string, 50_000),
    dwarfSubject(cpp as string, 40_000),
    dwarfSubject(rustDebug as string, 10_000),
    elfSubject(cpp as string, 50_000),
    elfSubject(go as string, 150_000),
    elfSubject(goPie as string, 50_000),
    elfSubject(rust as string, 50_000),
    symbolSubject([cpp, rust, rustDebug] as string[], 250_000),
    snapshotSubject(250_000),
    indexSubject(100_000),
    columnsSubject(50_000),
    instructionSubject([c, cpp, go] as string[], 1_000_000),
  ];
}
