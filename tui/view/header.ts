/** The first line: what is looked at, and whether to trust it. The right side drops figures, least important first. */

import type { Snapshot } from '../../snapshots/document.js';
import { clockText, compactText, countdownText, exactText, percentText } from '../cells/format.js';
import { cellText, cutEnd } from '../cells/text.js';
import type { Role } from '../cells/theme.js';
import { isStale } from '../state/stale.js';
import { type Session, type State, shownSession } from '../state/state.js';
import { costPercent, hitsPerSecond } from '../state/trends.js';
import { type Draw, drawSpans, type Span, span, widthOf } from './draw.js';

/** A figure and how long it stays: 1 longest. */
interface Figure {
  readonly spans: readonly Span[];
  readonly priority: number;
}

/** Of a screen that is narrower gaps are smaller. */
const WIDE = 100;
/** Of one that is narrower still figures are shorter, and the target gives way to them, down to this share of the columns. */
const MEDIUM = 80;
const NARROW_TARGET = 1 / 8;
/** Cells that the target keeps at most, whatever figures there are. */
const SHORTEST_TARGET = 30;
const LONGEST_NAME = 32;

/** Draws the header. */
export function drawHeader(draw: Draw, state: State): void {
  const { width: columns } = draw.grid;
  const gap = columns < MEDIUM ? 1 : columns < WIDE ? 2 : 3;
  const lead = [span(' coral', 'accent'), span(columns < MEDIUM ? ' ' : '  ')];
  const target = Math.min(SHORTEST_TARGET, widthOf(lead) + shortestTarget(state, columns));
  const right = fitting(figuresOf(state, columns < MEDIUM), columns - target - 1, gap);
  const width = right.reduce((sum, figure) => sum + widthOf(figure.spans) + gap, -gap);
  drawSpans(draw, 0, 0, [...lead, ...targetSpans(state, columns - width - gap - widthOf(lead) - 1)]);
  let x = columns - width - 1;
  for (const figure of right) x = drawSpans(draw, x, 0, figure.spans) + gap;
}

/** Cells of the target with its first fact, the process or how many; on a narrow screen of what names it. */
function shortestTarget(state: State, columns: number): number {
  const session = shownSession(state);
  const name = session?.service ?? state.service;
  if (name === undefined) return widthOf(targetSpans(state, SHORTEST_TARGET));
  const named = Math.min(LONGEST_NAME, cellText(name).length);
  if (columns < MEDIUM) return Math.min(named, Math.floor(columns * NARROW_TARGET));
  const [fact = ''] = factsOf(state, name, session);
  return named + ` · ${cellText(fact)}`.length;
}

function targetSpans(state: State, width: number): Span[] {
  const session = shownSession(state);
  const name = session?.service ?? state.service;
  if (name === undefined) return [span(cutEnd(connectionText(state), width), state.connection === 'failed' ? 'warm' : 'dim')];
  const spans = [span(cutEnd(cellText(name), Math.min(width, LONGEST_NAME)), 'strong')];
  for (const fact of factsOf(state, name, session)) {
    const next = span(` · ${cellText(fact)}`, 'dim');
    if (widthOf(spans) + widthOf([next]) > width) break;
    spans.push(next);
  }
  return spans;
}

function connectionText(state: State): string {
  if (!state.source.live) return `replay of ${cellText(state.source.name)}`;
  if (state.connection === 'connecting') return 'connecting…';
  return state.connection === 'failed' ? 'not connected' : `connected · ${cellText(state.source.name)}`;
}

function factsOf(state: State, name: string, session: Session | undefined): string[] {
  const processes = (state.services ?? []).filter((service) => service.service === name);
  const pids = session?.reading?.snapshot.pids ?? processes.map((service) => service.pid);
  const version = processes[0]?.languageVersion ?? '';
  const count = state.functions?.service === name ? (state.functions.index?.names.length ?? 0) : 0;
  return [
    pids.length > 1 ? `${pids.length} processes` : pids[0] === undefined ? '' : `pid ${pids[0]}`,
    version,
    count > 0 ? `${exactText(count)} functions` : '',
  ].filter(Boolean);
}

function figuresOf(state: State, short: boolean): Figure[] {
  const session = shownSession(state);
  if (session === undefined) return state.source.live ? [] : [{ spans: [span('REPLAY', 'accent')], priority: 1 }];
  const { reading } = session;
  if (reading === undefined) return [{ spans: [statusSpan(state, session)], priority: 1 }];
  const { overhead, losses } = reading.snapshot;
  const lost = Object.values(losses).reduce((sum: number, count) => sum + Number(count), 0);
  // Of figures that no longer come neither the rate nor the lag is of now.
  const stale = isStale(state, session);
  const hits = stale ? undefined : hitsPerSecond(session.trends);
  return [
    { spans: hits === undefined ? [] : [figureSpan(hits < 1 ? '0' : compactText(hits)), span(' hits/s', 'dim')], priority: 4 },
    { spans: costSpans(overhead, costPercent(session.trends), short), priority: 3 },
    {
      spans:
        reading.lagMs === undefined || stale
          ? []
          : [span('lag ', 'dim'), figureSpan(`${Math.round(reading.lagMs)}ms`, reading.lagMs > 1000 ? 'warm' : 'plain')],
      priority: 5,
    },
    { spans: [span('lost ', 'dim'), span(lost === 0 ? '0' : exactText(lost), lost === 0 ? 'plain' : 'warm')], priority: 2 },
    { spans: [statusSpan(state, session)], priority: 1 },
  ].filter((figure) => figure.spans.length > 0);
}

/** Right-aligned in cells enough for usual values, so that its neighbours stand still. */
const FIGURE_CELLS = 5;
const figureSpan = (text: string, role?: Role): Span => span(text.padStart(FIGURE_CELLS), role);

/** Near the budget it is in the warm colour and the budget is named; so is that there is none. */
const NEAR_BUDGET = 0.8;

function costSpans(overhead: Snapshot['overhead'], lately: number | undefined, short: boolean): Span[] {
  const percent = lately ?? overhead.percent_of_one_cpu;
  const budget = overhead.budget_percent;
  const near = budget !== undefined && (percent >= NEAR_BUDGET * budget || overhead.steps.length > 0);
  const of = near ? ` of ${percentText(budget)}` : '';
  const role = near ? 'warm' : 'plain';
  if (short) return [span('cost ', 'dim'), span(percentText(percent), role)];
  const figure = figureSpan(`${percentText(percent)}${of}`, role);
  return [span('cost ', 'dim'), figure, span(budget === undefined ? ' cpu, no budget' : ' cpu', 'dim')];
}

/** LIVE with the time left, PAUSED, or how it ended. */
function statusSpan(state: State, session: Session): Span {
  if (state.frozen !== undefined) return span('PAUSED', 'warm');
  if (session.status === 'attaching') return span('ATTACHING', 'accent');
  if (session.status === 'detaching') return span('DETACHING', 'accent');
  if (session.lost) return span(`OUT OF REACH, FIGURES OF ${ageText(state, session)} AGO`, 'warm');
  if (session.status === 'ended') return span((session.endReason ?? 'ended').replace('_', ' ').toUpperCase(), 'warm');
  const left = session.expiresAtMs === undefined ? '' : ` ${countdownText((session.expiresAtMs - state.nowMs) / 1000)}`;
  if (isStale(state, session)) return span(`STALE ${ageText(state, session)}`, 'warm');
  const gone = (session.reading?.snapshot.agents ?? []).filter((agent) => agent.state === 'lost').length;
  if (gone > 0) return span(`${gone} ${gone === 1 ? 'AGENT' : 'AGENTS'} LOST${left}`, 'warm');
  return span(`LIVE${left}`, 'accent');
}

const ageText = (state: State, session: Session): string => clockText((state.nowMs - session.heardAtMs) / 1000);

function fitting(figures: readonly Figure[], width: number, gap: number): Figure[] {
  const kept = [...figures];
  const needed = (): number => kept.reduce((sum, figure) => sum + widthOf(figure.spans) + gap, 0);
  while (kept.length > 1 && needed() > width) {
    kept.splice(kept.indexOf(kept.reduce((worst, figure) => (figure.priority >= worst.priority ? figure : worst))), 1);
  }
  return kept;
}
