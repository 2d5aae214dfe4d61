import test from 'ava';
import type { SiteSummary } from '../sites/decide-sites.js';
import type { SiteRefusal } from '../sites/plan.js';
import type { Image } from '../symbols/image.js';
import { SiteSummaries } from './site-summaries.js';

const FOUND: (SiteSummary | SiteRefusal)[] = [
  { ok: true, entryCost: 'emulated', returnSites: 1, untimedReason: '' },
  { ok: true, entryCost: 'stepped', returnSites: 511, untimedReason: '' },
  { ok: true, entryCost: 'stepped', returnSites: 0, untimedReason: 'a jump leaves it' },
  { ok: true, entryCost: 'emulated', returnSites: 0, untimedReason: 'it switches stacks' },
  { ok: false, code: 'IFUNC', reason: 'a resolver' },
];

test('what was found comes back, and is looked for once', (t) => {
  const asked: number[] = [];
  const summaries = new SiteSummaries({ functions: { count: FOUND.length } } as unknown as Image, (_, row) => {
    asked.push(row);
    return FOUND[row] as SiteSummary;
  });
  for (let round = 0; round < 2; round++) for (const [row, found] of FOUND.entries()) t.deepEqual(summaries.of(row), found);
  t.deepEqual(asked, [0, 1, 2, 3, 4]);
});
