/** `coral functions`. Pure. */

import type { FunctionIndex } from '../../proto/function-index.js';
import type { ExplainFunctionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { FunctionPlan } from '../../proto/gen/coral/live/v1/live.js';
import { planRow, rowWithoutSites } from './plans.js';
import { formatTable } from './table.js';

/** A line of the index: what is known without looking at a function's code. */
export interface IndexRow {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly size: number;
  readonly inlined: number;
}

/** The rows whose name the pattern finds, by name. */
export function indexRows(index: FunctionIndex, pattern: RegExp | undefined): IndexRow[] {
  const rows = index.names.flatMap((name, at) =>
    pattern && !pattern.test(name)
      ? []
      : [
          {
            name,
            file: index.files[index.file[at] ?? 0] ?? '',
            line: index.line[at] ?? 0,
            size: index.size[at] ?? 0,
            inlined: index.inlined[at] ?? 0,
          },
        ],
  );
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const NAMELESS = `The program's file names no functions: it is stripped, and no debug file fits it.
Functions of its libraries: coral functions SERVICE --function 'LIBRARY:*'
`;

/** Names with place and size of `rows`, which were chosen of `all`. */
export function indexTable(rows: readonly IndexRow[], all: FunctionIndex): string {
  if (all.names.length === 0) return NAMELESS;
  if (rows.length === 0) return 'No function matches.\n';
  return formatTable(
    [{ title: 'FUNCTION' }, { title: 'SIZE', align: 'right' }, { title: 'INLINED', align: 'right' }, { title: 'PLACE' }],
    rows.map((row) => [row.name, String(row.size), row.inlined === 0 ? '-' : String(row.inlined), place(row.file, row.line)]),
  );
}

/** Functions whose code was looked at: whether and how each can be probed. */
export function functionsTable(plans: readonly FunctionPlan[]): string {
  if (plans.length === 0) return 'No function matches.\n';
  return formatTable(
    [
      { title: 'FUNCTION' },
      { title: 'SIZE', align: 'right' },
      { title: 'ENTRY' },
      { title: 'RETURNS', align: 'right' },
      { title: 'INLINED', align: 'right' },
      { title: 'STATE' },
      { title: 'PLACE' },
    ],
    plans.map((plan) => [
      plan.name,
      String(plan.size),
      plan.entryCost || '-',
      String(plan.returnSites),
      plan.inlinedCopies === 0 ? '-' : String(plan.inlinedCopies),
      stateOf(plan),
      place(plan.file, plan.line),
    ]),
  );
}

function stateOf({ probeable, code, reason, countedBecause }: FunctionPlan): string {
  if (!probeable) return `${code}: ${reason}`;
  return countedBecause === '' ? 'probeable' : `counted only: ${countedBecause}`;
}

/** The contract's JSON; `proof` adds each site's. */
export function functionsJson({ serviceName, buildId, functions }: ExplainFunctionResponse, options: { proof: boolean }): string {
  const rows = functions.map((plan) => (options.proof ? planRow(plan, options) : rowWithoutSites(plan)));
  return `${JSON.stringify({ service: serviceName, build_id: buildId, functions: rows })}\n`;
}

const place = (file: string, line: number): string => (file === '' ? '' : `${file}:${line}`);
