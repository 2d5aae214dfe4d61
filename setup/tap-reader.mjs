// ava's TAP: counts the top-level results; what belongs to a result (diagnostics, logs) is shown under it.
const RESULT = /^(ok|not ok) \d+ - (.*?)(?: # (SKIP|TODO).*)?$/;

export function tapReader(report) {
  return (line) => {
    const result = RESULT.exec(line);
    if (result !== null) report(outcomeOf(result[1], result[3]), result[2]);
    else if (/^\s/.test(line)) console.log(`    ${line}`);
  };
}

function outcomeOf(word, directive) {
  if (directive !== undefined) return 'skipped';
  return word === 'ok' ? 'passed' : 'failed';
}
