/** All that is known of one call, as lines: the sheet that Enter opens in Detail. */

import type { CapturedValue, OpenCallRow, SingleCall } from '../../snapshots/document.js';
import { durationText } from '../cells/format.js';
import { cellText, cutEnd, wrapText } from '../cells/text.js';
import type { Role } from '../cells/theme.js';
import type { CallRow } from './call-rows.js';
import type { Cell } from './column.js';
import { fieldsOf, valueText } from './value-text.js';

const LABEL = 12;
const WIDEST_NAME = 20;
const WIDEST_TYPE = 24;

/** Lines of at most `width` cells. */
export function callSheet(row: CallRow, width: number): readonly (readonly Cell[])[] {
  return row.section === 'open' ? openLines(row.open) : endedLines(row.ended, width);
}

function openLines(call: OpenCallRow): Cell[][] {
  return [
    fact('function', call.function),
    fact('open for', durationText(Number(call.age_ns))),
    fact('waiting', call.waiting ?? 'not waiting'),
    ...whoLines(call),
    [],
    [{ text: 'A call has its values when it has ended.', role: 'dim' }],
  ];
}

function endedLines(call: SingleCall, width: number): Cell[][] {
  return [
    fact('function', call.function),
    fact('took', durationText(Number(call.duration_ns))),
    fact('began', call.at),
    ...whoLines(call),
    fact('call', call.call_id),
    ...valueLines('ARGUMENTS', call.arguments, width),
    ...valueLines('RESULTS', call.results, width),
  ];
}

function whoLines({ goroutine, thread, pid }: { goroutine?: number; thread?: number; pid: number }): Cell[][] {
  return [
    ...(goroutine ? [fact('goroutine', String(goroutine))] : []),
    ...(thread ? [fact('thread', String(thread))] : []),
    fact('process', String(pid)),
  ];
}

const fact = (label: string, text: string): Cell[] => [{ text: label.padEnd(LABEL), role: 'dim' }, { text: cellText(text) }];

function valueLines(title: string, values: readonly CapturedValue[] | undefined, width: number): Cell[][] {
  const head: Cell[] = [{ text: title, role: 'title' }];
  if (values === undefined) return [[], [...head, { text: '  not captured when this call was made; A captures', role: 'dim' }]];
  if (values.length === 0) return [[], [...head, { text: '  none', role: 'dim' }]];
  const names = widest(values, (value) => value.name, WIDEST_NAME);
  const types = widest(values, (value) => value.type, WIDEST_TYPE);
  return [[], head, ...values.flatMap((value) => oneValue(value, names, types, width))];
}

const widest = (values: readonly CapturedValue[], of: (value: CapturedValue) => string, most: number): number =>
  Math.min(most, Math.max(...values.map((value) => cellText(of(value)).length))) + 2;

/** Name, type, value; a long value goes on below itself, a struct's fields stand below it. */
function oneValue(value: CapturedValue, names: number, types: number, width: number): Cell[][] {
  const role = value.redacted || value.unreadable !== undefined ? 'warm' : 'strong';
  const head: Cell[] = [
    { text: `  ${cutEnd(cellText(value.name), names - 2).padEnd(names)}` },
    { text: cutEnd(cellText(value.type), types - 2).padEnd(types), role: 'dim' },
  ];
  const fields = fieldsOf(value) ?? [];
  const nameWidth = Math.min(WIDEST_NAME, Math.max(0, ...fields.map(({ name }) => cellText(name).length))) + 2;
  return [
    ...wrapped(head, valueText(value), width, role),
    ...fields.flatMap(({ name, text }) =>
      wrapped([{ text: `    ${cutEnd(cellText(name), nameWidth - 2).padEnd(nameWidth)}`, role: 'dim' }], text, width),
    ),
  ];
}

function wrapped(head: Cell[], text: string, width: number, role: Role = 'plain'): Cell[][] {
  const indent = head.reduce((sum, cell) => sum + cell.text.length, 0);
  const [first = '', ...rest] = wrapText(cellText(text), Math.max(16, width - indent));
  return [[...head, { text: first, role }], ...rest.map((line): Cell[] => [{ text: ' '.repeat(indent) }, { text: line, role }])];
}
