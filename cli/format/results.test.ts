import test from 'ava';
import { nextStep } from '../../proto/refusals.js';
import { NO_TEXT_LEFT } from '../../proto/text-verdict.js';
import type { Snapshot } from '../../snapshots/document.js';
import { plan, sessionInfo, tickOf } from '../../snapshots/ledger/fixture.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { functionsTable, resultsText } from './results.js';

/** Functions f0, f1 …, of which only the first was called. */
function snapshotOf(count: number, more: Partial<Snapshot> = {}): Snapshot {
  const names = Array.from({ length: count }, (_, at) => `main.f${at}`);
  const ledger = SessionLedger.watching(sessionInfo(names.map((name) => plan(name))));
  ledger.apply(tickOf('', 1, [{ slot: 0, durationsNs: [1500], unwound: 1, untracked: 3 }]));
  return { ...ledger.snapshot('target_exited'), ...more };
}

test('of many functions those without calls share a line', (t) => {
  t.is(functionsTable(snapshotOf(2).functions).split('\n').length, 4);
  const lines = functionsTable(snapshotOf(12).functions).split('\n');
  t.is(lines.length, 4);
  t.regex(lines[2] ?? '', /^No calls: main\.f1, .*, main\.f11$/);
});

test('everything that qualifies a number has its line', (t) => {
  const text = resultsText(
    snapshotOf(1, {
      refused: [{ function: 'main.g', code: 'INLINED_EVERYWHERE', reason: 'no copy of its own' }],
      open_calls: [{ function: 'main.f0', goroutine: 7, pid: 10, age_ns: 2e9, waiting: 'network' }],
      losses: { ring_full: 1200 },
      text_verified: false,
      text_detail: 'byte at 0x40 is cc',
    }),
  );
  t.is(
    text,
    [
      'FUNCTION  CALLS  RETURNS  OPEN  UNWOUND     P50     P95     P99     MAX',
      'main.f0       5        1     0        1  1.50us  1.50us  1.50us  1.50us',
      '',
      'Open calls',
      '    2.00s  main.f0  goroutine 7  waiting: network',
      '',
      'refused: main.g: INLINED_EVERYWHERE: no copy of its own',
      `         ${nextStep('INLINED_EVERYWHERE')}`,
      'untracked: 3 calls of main.f0 (counted, not timed)',
      'lost: 1,200 (ring_full)',
      'Session dbg-1 on shop (pid 10) ran 200ms, until the target exited.',
      'Probes: 0 hits, 0.00 % of one CPU, 0.00 % of the target.',
      "WARNING: the target's text differs from its file: byte at 0x40 is cc",
      '',
    ].join('\n'),
  );
});

test('a target that is gone has no text that could differ', (t) => {
  const text = resultsText(snapshotOf(1, { text_verified: false, text_detail: NO_TEXT_LEFT }));
  t.true(text.endsWith("The target's text was not compared: the process has exited: no text is left to compare.\n"));
  t.false(text.includes('WARNING'));
});

test('estimates are marked', (t) => {
  const snapshot = snapshotOf(1);
  const [row] = snapshot.functions;
  const estimated = { ...row!, calls_estimated: true, latency: { ...row!.latency!, estimated: true } };
  t.regex(functionsTable([estimated]), /main\.f0 +~5 .* ~1\.50us/);
});

test('no name of the target moves the cursor', (t) => {
  const text = resultsText(
    snapshotOf(1, {
      service: 'a\u001b[2Jb',
      open_calls: [{ function: 'main.\u001b[31mf', thread: 7, pid: 10, age_ns: 2e9 }],
      refused: [{ function: 'main.\rg', code: 'INLINED_EVERYWHERE', reason: 'in \u001b]0;x\u0007' }],
    }),
  );
  t.notRegex(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  t.true(text.includes('a·[2Jb'));
});
