/** What several measurements of one thing come to. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function figure(values: number[]): Figure {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), runs: values.length };
}

/** A straight line through points, by least squares. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** The share of the spread that the line explains: 1 is a straight line. */
  readonly r2: number;
}

export type Point = readonly [x: number, y: number];

export function line(points: Point[]): Line {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sumOf = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0);
  const spreadX = sumOf(([x]) => (x - meanX) ** 2);
  const slope = spreadX === 0 ? 0 : sumOf(([x, y]) => (x - meanX) * (y - meanY)) / spreadX;
  const intercept = meanY - slope * meanX;
  const spreadY = sumOf(([, y]) => (y - meanY) ** 2);
  return { slope, intercept, r2: spreadY === 0 ? 1 : 1 - sumOf(([x, y]) => (y - intercept - slope * x) ** 2) / spreadY };
}

/** Runs every task in turn, round after round, so that a slow minute of the machine meets all alike. The first warms up, unless it is to be cold. */
export async function alternate<K extends string, T>(
  keys: readonly K[], rounds: number, measure: (key: K) => Promise<T>, progress: (text: string) => void, cold = false,
): Promise<Map<K, T[]>> {
  const results = new Map<K, T[]>(keys.map(key => [key, []]));
  for (let round = cold ? 0 : -1; round < rounds; round += 1) {
    for (const key of keys) {
      progress(`${round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`}: ${key}`);
      const result = await measure(key);
      if (round >= 0) { results.get(key)?.push(result); }
    }
  }
  return results;
}
