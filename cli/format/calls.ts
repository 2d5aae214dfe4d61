/** Calls that are shown singly. Pure. */

import type { CapturedValue, SingleCall } from '../../snapshots/document.js';
import { printable } from './table.js';
import { formatDuration } from './units.js';

/** One line: duration, function, whose call it was, arguments and results. */
export function callText(call: SingleCall): string {
  const whose = call.goroutine === undefined ? `thread ${call.thread}` : `goroutine ${call.goroutine}`;
  const values = [...(call.arguments ?? []).map(valueText), ...(call.results ?? []).map((value) => `-> ${valueText(value)}`)];
  return [formatDuration(call.duration_ns).padStart(7), call.function, whose, ...values].map(printable).join('  ');
}

function valueText(value: CapturedValue): string {
  const name = value.name === '' ? '' : `${value.name}=`;
  if (value.redacted) return `${name}(redacted)`;
  if (value.unreadable !== undefined) return `${name}(unreadable: ${value.unreadable})`;
  return `${name}${JSON.stringify(value.value ?? null)}${value.truncated ? '...' : ''}`;
}
