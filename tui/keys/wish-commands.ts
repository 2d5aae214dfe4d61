/** The commands that say which single calls are shown, and what the probes may cost. */

import type { Wishes } from '../feed/feed.js';
import type { Action } from '../state/action.js';

interface WishCommand {
  /** Shown while it is typed. */
  readonly usage: string;
  readonly action: (rest: string) => Action;
}

const wish = (wishes: Partial<Wishes>, said: string): Action => ({ type: 'wish', wishes, said });
const OFF: ReadonlySet<string> = new Set(['', 'off', 'none']);
const UNIT_NS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

/** By name; what cannot be read says how it is written. */
export const WISH_COMMANDS: Readonly<Record<string, WishCommand>> = {
  filter: {
    usage: 'filter userID == "u_1" && duration > 50ms   (alone: every call)',
    action: (rest) =>
      OFF.has(rest)
        ? wish({ filters: [] }, 'no filter: every call')
        : wish({ filters: [rest] }, `only calls with ${rest} are shown singly`),
  },
  slower: {
    usage: 'slower 50ms   (alone: off)',
    action: (rest) => {
      if (OFF.has(rest)) return wish({ slowerThanNs: 0 }, 'calls are no longer shown for being slow');
      const slowerThanNs = durationNs(rest);
      return slowerThanNs === undefined
        ? wrong(rest, 'slower 50ms')
        : wish({ slowerThanNs }, `every call over ${rest} is shown singly`);
    },
  },
  sample: {
    usage: 'sample 100: one call in 100   (alone: off)',
    action: (rest) => {
      if (OFF.has(rest)) return wish({ sampleRate: 0 }, 'calls are no longer sampled');
      const sampleRate = /^\d{1,9}$/.test(rest) ? Number(rest) : 0;
      return sampleRate === 0 ? wrong(rest, 'sample 100') : wish({ sampleRate }, `one call in ${sampleRate} is shown singly`);
    },
  },
  capture: {
    usage: 'capture on | off: arguments and results of single calls',
    action: (rest) => (rest === 'on' || rest === 'off' ? { type: 'capture', on: rest === 'on' } : wrong(rest, 'capture on')),
  },
  budget: {
    usage: 'budget 5 | unlimited: percent of one CPU',
    action: (rest) => {
      if (rest === 'unlimited') return wish({ budgetPercent: -1 }, 'the budget is lifted: probes stay on whatever they cost');
      const budgetPercent = /^\d+(\.\d+)?\s*%?$/.test(rest) ? Number.parseFloat(rest) : 0;
      return budgetPercent === 0
        ? wrong(rest, 'budget 5, or budget unlimited')
        : wish({ budgetPercent }, `the probes may cost ${budgetPercent}% of one CPU`);
    },
  },
};

const wrong = (rest: string, usage: string): Action => ({ type: 'say', text: `"${rest}" cannot be read: write ${usage}` });

/** As `50ms`; undefined for what is none. */
function durationNs(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m)$/.exec(text) ?? [];
  const ns = Math.round(Number(number) * (UNIT_NS[unit] ?? 0));
  return ns > 0 ? ns : undefined;
}
