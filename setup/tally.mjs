// Adds results up. Where the kernel must be probed (CORAL_REQUIRE_BPF=1) a skipped test has failed.
const MARKS = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' };

export function newTally(skipsFail) {
  return { passed: 0, failed: 0, skipped: 0, skipsFail, failures: [] };
}

// Gives the line to print.
export function add(tally, outcome, title) {
  const counted = outcome === 'skipped' && tally.skipsFail ? 'failed' : outcome;
  tally[counted] += 1;
  if (counted === 'failed')
    tally.failures.push(outcome === 'skipped' ? `${title} (skipped, which CORAL_REQUIRE_BPF forbids)` : title);
  return `  ${MARKS[counted]} ${title}`;
}

export function closingLine(tally) {
  const failures = tally.failures.map((title) => `FAILED: ${title}\n`).join('');
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  return `\n${failures}${tally.passed} passed, ${tally.failed} failed${skipped}`;
}

// A run that executed nothing has proved nothing.
export function exitCode(tally) {
  return tally.failed > 0 || tally.passed === 0 ? 1 : 0;
}
