/** A session for a person: a small table that is redrawn on a terminal, lines elsewhere; the results at the end. */

import { callText } from '../format/calls.js';
import { liveLines, liveTable } from '../format/live.js';
import { openedText } from '../format/opened.js';
import { refusalsText } from '../format/plans.js';
import { resultsText } from '../format/results.js';
import { printable } from '../format/table.js';
import type { Output, Surroundings } from '../surroundings.js';
import type { Printer } from './printer.js';

/** Results go to stdout; what is told on the way to stderr. */
export function tablePrinter({ out, say }: Surroundings): Printer {
  const board = out.isTerminal ? redrawn(out) : undefined;
  const tell = (text: string): void => {
    board?.clear();
    say(text);
  };
  return {
    opened(info) {
      tell(openedText(info));
      if (info.refused.length > 0) tell(refusalsText(info.refused).trimEnd());
    },
    ticked(view) {
      if (board) board.draw(liveTable(view));
      else out.write(liveLines(view));
    },
    called(call) {
      board?.clear();
      out.write(`${callText(call)}\n`);
    },
    noticed: ({ message }) => tell(`coral: ${printable(message)}`),
    ended(snapshot) {
      board?.clear();
      out.write(`\n${resultsText(snapshot)}`);
    },
  };
}

/** The cursor's own, and the top one: tmux keeps in its history what is erased from there. */
const SPARED_ROWS = 2;

/** What is above the screen's top cannot be written over: rows are left out in front of the last line, what the probes cost. */
export function fitting(lines: readonly string[], { columns, rows }: Pick<Output, 'columns' | 'rows'>): string[] {
  const room = Math.max(2, rows - SPARED_ROWS);
  const kept = lines.length > room ? [...lines.slice(0, room - 1), ...lines.slice(-1)] : lines;
  return kept.map((line) => line.slice(0, columns - 1));
}

/** A block of lines that is written over itself. */
function redrawn(out: Output): { draw(text: string): void; clear(): void } {
  let drawnLines = 0;
  const clear = (): void => {
    if (drawnLines > 0) out.takeBack(drawnLines);
    drawnLines = 0;
  };
  return {
    clear,
    draw(text) {
      const lines = fitting(text.trimEnd().split('\n'), out);
      clear();
      out.write(`${lines.join('\n')}\n`);
      drawnLines = lines.length;
    },
  };
}
