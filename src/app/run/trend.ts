import { wholeText } from "../figures.ts";
import type { MomentPoint, Series } from "./series.ts";

/** Which values of a scale are better. */
type Better = "higher" | "lower" | "neither";

/**
 * A chart's lines in words, for those who cannot see it: the first, the last and the best value of each line.
 *
 * @param text writes a value, e.g. `scoreText`
 */
export function trendText(series: readonly Series[], better: Better, text: (value: number) => string): string {
  const sentences = series.flatMap((line) => {
    const finite = line.points.filter((point) => Number.isFinite(point.y));
    const first = finite[0];
    const last = finite.at(-1);
    if (!first || !last) return [];
    if (first === last) return [`${sentenceStart(line)}: ${text(first.y)} at step ${wholeText(first.at.step)}.`];
    const name = sentenceStart(line);
    const values = finite.map(({ y }) => text(y));
    if (values.every((value) => value === values[0])) {
      return [`${name} stayed at ${text(last.y)} up to step ${wholeText(last.at.step)}.`];
    }
    const move = `${name} ${verb(first.y, last.y)} ${text(first.y)} to ${text(last.y)}`;
    return [`${move} at step ${wholeText(last.at.step)}${extreme(finite, better, text)}.`];
  });
  return sentences.length === 0 ? "Nothing has been measured yet." : sentences.join(" ");
}

function verb(from: number, to: number): string {
  const change = Math.abs(to - from);
  if (change <= 0.02 * Math.max(Math.abs(from), Math.abs(to))) return "hardly moved, from";
  return to < from ? "fell from" : "rose from";
}

function extreme(points: readonly MomentPoint[], better: Better, text: (value: number) => string): string {
  if (better === "neither") return "";
  const best = points.reduce((a, b) => ((better === "lower" ? b.y < a.y : b.y > a.y) ? b : a));
  const name = better === "lower" ? "lowest" : "highest";
  if (best === points.at(-1)) return `, its ${name} so far`;
  return `; ${name} was ${text(best.y)} at step ${wholeText(best.at.step)}`;
}

/** A class name stays unchanged, in quotes; names of other lines are words and get a capital. */
function sentenceStart({ name, isClass = false }: Series): string {
  return isClass ? `“${name}”` : name.charAt(0).toUpperCase() + name.slice(1);
}
