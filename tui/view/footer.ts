/** The last line: the keys that work now, from the key table, as many as fit. */

import { keyText } from '../keys/help-rows.js';
import { bindingsNow } from '../keys/keys-now.js';
import type { Binding } from '../keys/table.js';
import type { State } from '../state/state.js';
import { type Draw, drawSpans, type Span, span, widthOf } from './draw.js';

/** Draws the keys; the least important are left out first. */
export function drawFooter(draw: Draw, state: State): void {
  const hints = hintsOf(state);
  while (hints.length > 1 && total(hints) > draw.grid.width - 1) hints.splice(-3, 1);
  hints.reduce((x, hint) => drawSpans(draw, x, state.rows - 1, hint) + 2, 1);
}

function hintsOf(state: State): Span[][] {
  if (state.overlay?.kind === 'call') return [hint('Esc', 'Close'), hint('j k', 'Scroll'), hint('c', 'Copy as JSON')];
  if (state.overlay?.kind === 'command') return [hint('Enter', 'Run'), hint('Tab', 'Complete'), hint('Esc', 'Close')];
  if (state.overlay !== undefined) return [hint('Enter', 'Run'), hint('PgDn', 'More'), hint('Esc', 'Close')];
  const typing = state.filters[state.view].open;
  return bindingsNow(state)
    .filter((binding) => binding.footer !== undefined && workingKey(binding, typing) !== undefined)
    .sort((a, b) => (a.footer ?? 0) - (b.footer ?? 0))
    .filter(({ label }, at, all) => all.findIndex((other) => other.label === label) === at)
    .map((binding) => hint(footerKey(binding, typing), binding.label));
}

const hint = (key: string, label: string): Span[] => [span(key, 'key'), span(` ${label}`, 'dim')];

const footerKey = (binding: Binding, typing: boolean): string =>
  binding.label === 'Sort' ? '< >' : keyText(workingKey(binding, typing) ?? '');

/** While letters are typed, only keys that are none of them work. */
const workingKey = (binding: Binding, typing: boolean): string | undefined =>
  binding.keys.find((key) => !typing || (key.length > 1 && key !== 'space'));

const total = (hints: readonly Span[][]): number => hints.reduce((sum, spans) => sum + widthOf(spans) + 2, 0);
