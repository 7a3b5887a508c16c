import { quantile } from "./spread.ts";

/** Draws, where rows are few enough. */
const DRAWS = 1000;
/** The fewest draws that percentiles are read from. */
const FEWEST_DRAWS = 200;
/** Numbers looked at in all draws together before these become fewer: about two seconds. */
const MOST_WORK = 5e8;
/** The part of the draws on each side of an interval. */
const TAIL = 0.025;

/** Lower and upper end of an interval. */
export type Interval = readonly [low: number, high: number];

/** What figures of rows could have been with other rows of the same kind. */
export interface Intervals {
  /** By figure; null where it is defined in less than half of the draws. */
  of: Record<string, Interval | null>;
  draws: number;
  seed: number;
}

/** How rows are drawn. */
interface Redraws {
  rows: number;
  /** Numbers looked at for each row of a draw. */
  width?: number;
  /** In [0, 1), seeded. */
  random: () => number;
}

/** Number of draws for these rows: 1,000, and of very many rows fewer, whose figures vary little. */
export function drawsFor({ rows, width = 1 }: Pick<Redraws, "rows" | "width">): number {
  return Math.min(DRAWS, Math.max(FEWEST_DRAWS, Math.floor(MOST_WORK / Math.max(1, rows * width))));
}

/**
 * 95 % intervals of figures by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13): as many rows as there are
 * are drawn with replacement, and the figures computed of them, many times over. Equal to scipy's `bootstrap` with
 * `method="percentile"` on the same draws; draws in which a figure is not defined are left out of its percentiles. Empty
 * without rows.
 *
 * @param figuresOf the figures by name of a draw, given by how often each row is in it [rows]; the array is used again
 */
export function percentileIntervals(
  { rows, width, random }: Redraws,
  figuresOf: (times: Int32Array) => Record<string, number>,
): Pick<Intervals, "of" | "draws"> {
  const draws = drawsFor({ rows, ...(width !== undefined && { width }) });
  if (rows === 0) return { of: {}, draws };
  const times = new Int32Array(rows);
  const drawn = new Map<string, number[]>();
  for (let draw = 0; draw < draws; draw++) {
    times.fill(0);
    for (let i = 0; i < rows; i++) {
      const row = Math.floor(random() * rows);
      times[row] = (times[row] ?? 0) + 1;
    }
    for (const [name, value] of Object.entries(figuresOf(times))) {
      const values = drawn.get(name) ?? [];
      if (Number.isFinite(value)) values.push(value);
      drawn.set(name, values);
    }
  }
  const of = [...drawn].map(([name, values]) => {
    const sorted = Float64Array.from(values).sort();
    const ends = [quantile(sorted, TAIL), quantile(sorted, 1 - TAIL)] as const;
    return [name, 2 * values.length < draws ? null : ends] as const;
  });
  return { of: Object.fromEntries(of), draws };
}
