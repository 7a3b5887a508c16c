import type { Interval } from "../metrics/bootstrap.ts";
import type { Metric } from "../tasks/task.ts";

// Numbers as the page writes them, with English grouping, so that a downloaded picture looks the same everywhere.

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** A whole number with separators: "5,572"; a value that is not finite is "–". */
export function wholeText(value: number): string {
  return Number.isFinite(value) ? whole.format(value) : "–";
}

/** Bytes in decimal units, as file managers show them: 45,437,760 → "45 MB". */
export function bytes(value: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)}\u202f${units[unit] ?? ""}`;
}

/** A large number in short: 22,713,216 → "22.7 M". */
export function short(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)}\u202fG`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}\u202fM`;
  return wholeText(value);
}

/** A duration for people: "under 1 s", "12 s", "3 min", "2 h 5 min". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 1) return "under 1\u202fs";
  if (seconds < 90) return `${seconds}\u202fs`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes}\u202fmin`;
  return `${Math.floor(minutes / 60)}\u202fh ${minutes % 60}\u202fmin`;
}

/** A clock reading for an axis: "0:42", "12:05", "2:07:00". */
export function clockText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${twoDigits(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** A loss, norm or rate in three significant figures, or as many as asked: "0.312", "12.3", "2.00e-5". */
export function figureText(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e5) return value.toExponential(digits - 1);
  if (size < 1000) return value.toPrecision(digits);
  const decimals = Math.max(0, digits - (Math.floor(Math.log10(size)) + 1));
  return value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** An axis value without superfluous digits: "0.25", "800", "2e-5". */
export function tickText(value: number): string {
  const short = Number(value.toPrecision(3));
  return short !== 0 && Math.abs(short) < 1e-3 ? short.toExponential() : String(short);
}

/** A score between 0 and 1 in three decimals, or as many as asked: "0.973". */
export function scoreText(value: number, decimals = 3): string {
  return Number.isFinite(value) ? value.toFixed(decimals) : "–";
}

/** A probability or share, with one decimal or as many as asked: "97.3 %". */
export function percentText(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(decimals)}\u202f%` : "–";
}

/** A value of a metric, written by the metric's kind. */
export function metricText({ kind }: Pick<Metric, "kind">, value: number): string {
  return { share: percentText, score: scoreText, loss: figureText }[kind](value);
}

/** Significant digits of a float32. */
const MOST_DIGITS = 7;

/**
 * Writes the numbers of one column with as few digits as show that different numbers differ, up to the precision of a
 * float32.
 *
 * @param write writes a number with that many digits; it must keep the order of numbers
 * @param least the number of digits that is always shown
 */
export function columnText(
  values: Iterable<number>,
  write: (value: number, digits: number) => string,
  least: number,
): (value: number) => string {
  const rounded = new Set<number>();
  for (const value of values) if (Number.isFinite(value)) rounded.add(Number(value.toPrecision(MOST_DIGITS)));
  const inOrder = Float64Array.from(rounded).sort();
  let digits = least;
  while (digits < MOST_DIGITS && looksEqual(inOrder, (value) => write(value, digits))) digits++;
  return (value) => write(value, digits);
}

/** Whether two of the numbers are written alike; in sorted numbers these are neighbours. */
function looksEqual(inOrder: Float64Array, write: (value: number) => string): boolean {
  let before: string | null = null;
  for (const value of inOrder) {
    const text = write(value);
    if (text === before) return true;
    before = text;
  }
  return false;
}

/** An interval of a metric in words; nothing where there is none. */
export function rangeText(metric: Pick<Metric, "kind">, interval: Interval | null | undefined): string {
  if (!interval) return "";
  const [low, high] = interval;
  return `${metricText(metric, low)} to ${metricText(metric, high)}`;
}
