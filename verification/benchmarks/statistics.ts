/** Several measurements of one thing. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function figure(values: readonly number[]): Figure {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), runs: values.length };
}

/** The same measurements, each divided by a number. */
export function over(dividend: Figure, divisor: number): Figure {
  return { median: dividend.median / divisor, min: dividend.min / divisor, max: dividend.max / divisor, runs: dividend.runs };
}

/** `12.3 (11.9-13.0)`: the median, the least and the most. `12.3 (1 run)` has no spread. */
export function spread(value: Figure, digits = 0, unit = ''): string {
  const range = value.runs === 1 ? '1 run' : `${value.min.toFixed(digits)}-${value.max.toFixed(digits)}`;
  return `${value.median.toFixed(digits)}${unit} (${range})`;
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

export type Point = readonly [x: number, y: number];

/** The straight line through points, by least squares. */
export function line(points: readonly Point[]): Line {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sumOf = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0);
  const spreadX = sumOf(([x]) => (x - meanX) ** 2);
  const slope = spreadX === 0 ? 0 : sumOf(([x, y]) => (x - meanX) * (y - meanY)) / spreadX;
  return { slope, intercept: meanY - slope * meanX };
}

/**
 * Measures all subjects in turn, round after round, so that a slow minute of the machine affects all of them.
 *
 * @param warmUps how many rounds come first and do not count
 */
export async function takeTurns<S, T>(
  subjects: readonly S[], rounds: number, measure: (subject: S) => Promise<T>, warmUps = 0,
): Promise<Map<S, T[]>> {
  const results = new Map<S, T[]>(subjects.map(subject => [subject, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const subject of subjects) {
      const result = await measure(subject);
      if (round >= 0) { results.get(subject)?.push(result); }
    }
  }
  return results;
}
