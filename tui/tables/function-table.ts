/** Functions: the whole index of a program, a row made only when it is on the screen. */

import type { FunctionIndex } from '../../proto/function-index.js';
import type { FunctionPlan } from '../../proto/gen/coral/live/v1/live.js';
import { durationText, sizeText } from '../cells/format.js';
import { cellsBefore, cellText, cutEnd, cutName, cutStart } from '../cells/text.js';
import { matchPositions } from '../search/positions.js';
import type { Query } from '../search/query.js';
import type { Cell, Column } from './column.js';

export interface FunctionRow {
  readonly key: string;
  readonly name: string;
  readonly where: string;
  readonly sizeBytes: number;
  readonly inlinedCopies: number;
  /** Asked for only when the row is seen. */
  readonly plan?: FunctionPlan;
  readonly lastP95Ns?: number;
  readonly query?: Query;
  readonly attached: boolean;
}

/** The row of an index entry. */
export function functionRow(
  index: FunctionIndex,
  id: number,
  rest: Omit<FunctionRow, 'key' | 'name' | 'where' | 'sizeBytes' | 'inlinedCopies'>,
): FunctionRow {
  const name = index.names[id] ?? '';
  const file = index.files[index.file[id] ?? 0] ?? '';
  const line = index.line[id] ?? 0;
  return {
    key: name,
    name,
    where: file === '' ? '' : `${file}${line > 0 ? `:${line}` : ''}`,
    sizeBytes: index.size[id] ?? 0,
    inlinedCopies: index.inlined[id] ?? 0,
    ...rest,
  };
}

/** `cheap + 2 ret`: what an entry costs and how many return sites; or why not. */
export function planText(plan: FunctionPlan): string {
  if (!plan.probeable) return plan.reason;
  const entry = plan.entryCost === 'emulated' ? 'cheap' : plan.entryCost;
  return plan.how === 'counted'
    ? `${entry}, counts only${plan.countedBecause === '' ? '' : `: ${plan.countedBecause}`}`
    : `${entry} + ${plan.returnSites} ret`;
}

function nameCell(row: FunctionRow, width: number): Cell {
  const text = cutName(cellText(row.name), width);
  return { text, marks: marksOf(row, text), role: row.plan?.probeable === false ? 'dim' : 'plain' };
}

/** Found in the whole name, as the search did: what is cut off may be what an expression began with. */
function marksOf({ name, query }: FunctionRow, shown: string): readonly number[] {
  if (query === undefined) return [];
  const hidden = cellText(name).length - shown.length;
  return matchPositions(name, query).flatMap((position) => {
    const at = cellsBefore(name, position) - hidden;
    return at >= 0 ? [at] : [];
  });
}

function probeCell(row: FunctionRow, width: number): Cell {
  if (row.attached) return { text: 'attached', role: 'accent' };
  if (row.plan === undefined) return { text: '' };
  const dear = !row.plan.probeable || row.plan.entryCost === 'stepped';
  return { text: cutEnd(cellText(planText(row.plan)), width), role: dear ? 'warm' : 'plain' };
}

export const FUNCTION_COLUMNS: readonly Column<FunctionRow>[] = [
  { id: 'rank', title: 'FUNCTION', align: 'left', min: 24, max: 120, priority: 1, cell: nameCell },
  {
    id: 'where',
    title: 'WHERE',
    align: 'left',
    min: 18,
    max: 34,
    priority: 3,
    cell: (row, width) => ({ text: cutStart(cellText(row.where), width), role: 'dim' }),
  },
  {
    id: 'size',
    title: 'SIZE',
    align: 'right',
    min: 8,
    max: 8,
    priority: 5,
    cell: (row) => ({ text: row.sizeBytes === 0 ? '·' : sizeText(row.sizeBytes), role: 'dim' }),
  },
  {
    id: 'probe',
    title: 'PROBE',
    align: 'left',
    min: 16,
    max: 26,
    priority: 2,
    cell: probeCell,
  },
  {
    id: 'last',
    title: 'LAST P95',
    align: 'right',
    min: 8,
    max: 8,
    priority: 6,
    cell: (row) => ({ text: durationText(row.lastP95Ns) }),
  },
  {
    id: 'inlined',
    title: 'INLINED',
    align: 'right',
    min: 9,
    max: 9,
    priority: 4,
    cell: (row) =>
      row.inlinedCopies === 0
        ? { text: '·', role: 'dim' }
        : { text: row.inlinedCopies === 1 ? '1 place' : `${row.inlinedCopies} places`, role: 'warm' },
  },
];
