import test from 'ava';
import type { ArmedSite } from './kernel.js';
import { ENOTSUPP, KernelError } from './kernel-error.js';
import { isAboutSites, refusedAmong } from './refused-sites.js';

const sites: ArmedSite[] = Array.from({ length: 1000 }, (_, site) => ({
  slot: 0,
  site,
  offset: site,
  role: 'entry',
  owner: 'thread',
  jbe: false,
}));

function kernelThatRefuses(culprits: readonly number[]) {
  let trials = 0;
  const refusal = (some: readonly ArmedSite[]) => {
    trials += 1;
    return some.some(({ site }) => culprits.includes(site)) ? ENOTSUPP : undefined;
  };
  return { refusal, trials: () => trials };
}

test('all refused sites are found, each with its errno', (t) => {
  const culprits = [0, 499, 500, 501, 999];
  t.deepEqual(
    refusedAmong(sites, ENOTSUPP, kernelThatRefuses(culprits).refusal),
    culprits.map((site) => ({ site, errno: ENOTSUPP })),
  );
});

test('one refused site among a thousand takes at most twenty trials', (t) => {
  const kernel = kernelThatRefuses([3]);
  refusedAmong(sites, ENOTSUPP, kernel.refusal);
  t.true(kernel.trials() <= 20);
});

test('an error about the process or our rights is not about sites', (t) => {
  t.true(isAboutSites(new KernelError('link', ENOTSUPP)));
  t.false(isAboutSites(new KernelError('link', 1)));
  t.false(isAboutSites(new Error('link')));
});
