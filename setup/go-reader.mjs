// `go test -json`: counts top-level tests; a package that fails without a failed test (it does not build) counts too.
const OUTCOMES = { pass: 'passed', fail: 'failed', skip: 'skipped' };

export function goReader(report) {
  const output = new Map();
  const failedPackages = new Set();
  return (line) => {
    const event = parse(line);
    const title = [event.Package ?? event.ImportPath, event.Test].filter(Boolean).join(' ');
    if (event.Output !== undefined) output.set(title, (output.get(title) ?? '') + event.Output);
    const outcome = OUTCOMES[event.Action];
    if (outcome === undefined || event.Test?.includes('/')) return;
    if (event.Test === undefined && (outcome !== 'failed' || failedPackages.has(event.Package))) return;
    if (outcome === 'failed') failedPackages.add(event.Package);
    report(outcome, title);
    if (outcome === 'failed') console.log(output.get(title) ?? '');
  };
}

// The tool's own messages come between the objects.
function parse(line) {
  if (line.startsWith('{')) return JSON.parse(line);
  console.log(line);
  return {};
}
