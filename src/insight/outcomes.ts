import { createRandom } from "../data/random.ts";
import type { Outcomes } from "../metrics/outcomes.ts";

/** A mean over rows with its 95 % interval: Wilson's of a share, a seeded percentile bootstrap of errors. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;
const RESAMPLES = 1000;

/** Share of right rows, or mean error, of some rows; NaN without rows. */
export function estimateOf({ kind, values }: Outcomes, rows: Int32Array): Estimate {
  const own = Float64Array.from(rows, (row) => values[row] ?? NaN);
  const value = own.reduce((sum, one) => sum + one, 0) / own.length;
  if (own.length === 0) return { value: NaN, low: NaN, high: NaN };
  return kind === "right" ? { value, ...wilson(value, own.length) } : { value, ...bootstrapped(own) };
}

/** Wilson's interval of a share of `count` rows (Wilson 1927), without continuity correction. */
export function wilson(share: number, count: number): { low: number; high: number } {
  const spread = (Z * Math.sqrt((share * (1 - share)) / count + (Z * Z) / (4 * count * count))) / (1 + (Z * Z) / count);
  const middle = (share + (Z * Z) / (2 * count)) / (1 + (Z * Z) / count);
  return { low: Math.max(0, middle - spread), high: Math.min(1, middle + spread) };
}

function bootstrapped(values: Float64Array): { low: number; high: number } {
  const random = createRandom(17);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)] ?? NaN;
    return sum / values.length;
  }).sort();
  const at = (share: number) => means[Math.round(share * (RESAMPLES - 1))] ?? NaN;
  return { low: at(0.025), high: at(0.975) };
}

/** Share of the rows with the largest errors that count as wrong where answers are numbers. */
const WORST_SHARE = 0.1;

/** 1 for rows that came out wrong [rows]: of errors the largest tenth, the larger ones of equal size in file order. */
export function wrongRows({ kind, values }: Outcomes): Uint8Array {
  if (kind === "right") return Uint8Array.from(values, (value) => Number(value === 0));
  const order = Array.from(values.keys()).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const wrong = new Uint8Array(values.length);
  for (const row of order.slice(0, Math.ceil(WORST_SHARE * values.length))) wrong[row] = 1;
  return wrong;
}
