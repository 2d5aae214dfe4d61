/** One line a measurement: what, how much, the goal if there is one, and whether it was met. */

export interface Measurement {
  what: string;
  value: number;
  unit: string;
  /** The value must be at most, or at least, this. */
  goal?: { atMost: number } | { atLeast: number };
  note?: string;
}

/** Prints a part's title. */
export function printHeading(title: string): void {
  console.log(`\n${title}`);
}

/** Prints the line; false when a goal was missed. */
export function printMeasurement(measurement: Measurement): boolean {
  const { what, value, unit, goal, note } = measurement;
  const met = isMet(measurement);
  const verdict = goal === undefined ? '' : `  ${met ? 'ok  ' : 'MISS'} goal ${goalText(goal)} ${unit}`;
  console.log(
    `  ${what.padEnd(58)} ${rounded(value).padStart(9)} ${unit.padEnd(9)}${verdict}${note === undefined ? '' : `  (${note})`}`,
  );
  return met;
}

/** Nearest rank. */
export function quantile(values: readonly number[], rank: number): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.max(0, Math.ceil(rank * ascending.length) - 1)] ?? Number.NaN;
}

/** The middle value of several, which one disturbed round does not move. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function isMet({ value, goal }: Measurement): boolean {
  if (goal === undefined) return true;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

function goalText(goal: { atMost: number } | { atLeast: number }): string {
  return 'atMost' in goal ? `<= ${rounded(goal.atMost)}` : `>= ${rounded(goal.atLeast)}`;
}

function rounded(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
