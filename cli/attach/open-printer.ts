/** The printers of the formats; the one for people has a file of its own. */

import { callLine, noticeLine, sessionLine, tickLineText } from '../format/lines.js';
import { openedText } from '../format/opened.js';
import { refusalsText } from '../format/plans.js';
import { printable } from '../format/table.js';
import type { Surroundings } from '../surroundings.js';
import type { Format, Printer } from './printer.js';
import { tablePrinter } from './table-printer.js';

/** The printer of a format; `showCalls`: the user asked for calls singly. */
export function openPrinter(format: Format, surroundings: Surroundings): Printer {
  if (format === 'ndjson') return streamPrinter(surroundings);
  return format === 'json' ? documentPrinter(surroundings) : tablePrinter(surroundings);
}

/** `--format ndjson`: every line as it happens, the document last. */
function streamPrinter({ out }: Surroundings): Printer {
  return {
    opened: (info) => out.write(sessionLine(info)),
    ticked: (view) => out.write(tickLineText(view)),
    called: (call) => out.write(callLine(call)),
    noticed: (notice) => out.write(noticeLine(notice)),
    ended: (_snapshot, text) => out.write(`${text}\n`),
  };
}

/** `--format json`: the document alone; what a person should know meanwhile goes to stderr. */
function documentPrinter({ out, say }: Surroundings): Printer {
  return {
    opened(info) {
      say(openedText(info));
      if (info.refused.length > 0) say(refusalsText(info.refused).trimEnd());
    },
    ticked() {},
    noticed: ({ message }) => say(`coral: ${printable(message)}`),
    ended: (_snapshot, text) => out.write(`${text}\n`),
  };
}
