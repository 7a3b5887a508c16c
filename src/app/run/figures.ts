import type { Metric } from "../../tasks/task.ts";

/** Numbers as the run side of the page writes them: English grouping, so that a downloaded picture reads alike everywhere. */

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** "5,572"; a value that is not finite is "–". */
export function wholeText(value: number): string {
  return Number.isFinite(value) ? whole.format(value) : "–";
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

/** An axis value without digits that say nothing: "0.25", "800", "2e-5". */
export function tickText(value: number): string {
  const short = Number(value.toPrecision(3));
  return short !== 0 && Math.abs(short) < 1e-3 ? short.toExponential() : String(short);
}

/** A score between 0 and 1 in three decimals, or as many as asked: "0.973". */
export function scoreText(value: number, decimals = 3): string {
  return Number.isFinite(value) ? value.toFixed(decimals) : "–";
}

/** A probability or share, in one decimal or as many as asked: "97.3 %", with a no-break space. */
export function percentText(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(decimals)}\u00a0%` : "–";
}

/** A value of a metric, as its kind is written. */
export function metricText({ kind }: Pick<Metric, "kind">, value: number): string {
  return { share: percentText, score: scoreText, loss: figureText }[kind](value);
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
