import type { McNemar } from "../metrics/mcnemar.ts";
import { counted } from "../recipe/wording.ts";

/** Below this a difference is taken for more than chance, by habit. */
const SELDOM = 0.05;

/** McNemar's test in words. */
export function comparedText({ onlyFirst, onlySecond, p }: McNemar, first: string, second: string): string {
  const rows = `${counted(onlyFirst, "row is", "rows are")} right with ${first} alone, ${onlySecond} with ${second} alone`;
  if (onlyFirst + onlySecond === 0) return `${first} and ${second} are right on the same rows.`;
  const better = onlyFirst > onlySecond ? first : second;
  const verdict =
    onlyFirst === onlySecond
      ? "neither is better on these rows"
      : p < SELDOM
        ? `more than chance: ${better} is better on rows of this kind`
        : "it may be chance";
  return `${rows}: ${verdict} (McNemar’s exact test, p = ${pText(p)}).`;
}

/** Never "0": no test is that sure. */
function pText(p: number): string {
  return p < 1e-4 ? p.toExponential(1) : p.toFixed(p < 0.01 ? 4 : 2);
}
