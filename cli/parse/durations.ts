/** Durations as in Go: `500ms`, `1.5s`, `1m30s`. */

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const WHOLE = /^(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*$/;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Nanoseconds of a Go duration, or undefined when the text is not a positive one. */
export function parseDurationNs(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let totalNs = 0;
  for (const [, amount, unit] of text.matchAll(PART)) totalNs += Number(amount) * (UNIT_NS[unit ?? ''] ?? Number.NaN);
  const wholeNs = Math.round(totalNs);
  return wholeNs > 0 && Number.isSafeInteger(wholeNs) ? wholeNs : undefined;
}
