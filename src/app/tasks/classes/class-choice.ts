import type { ClassOrder } from "../../classes/class-list.ts";
import type { ClassEvaluation } from "./class-reports.ts";

/** Most classes whose lines are shown without asking. */
export const mostClassLines = 8;

/** With more classes than this no table has columns for each of them. */
export const mostClassColumns = 50;

/** Which classes' lines a chart starts with: all of a few, else the four with the most rows to train on. */
export function firstShown(supports: readonly number[]): number[] {
  const all = supports.map((_, index) => index);
  if (all.length <= mostClassLines) return all;
  const largest = all.sort((a, b) => (supports[b] ?? 0) - (supports[a] ?? 0) || a - b).slice(0, 4);
  return largest.sort((a, b) => a - b);
}

type Scored = Pick<ClassEvaluation, "report">;

/**
 * Classes by their F1 in an evaluation, worst first, of equal ones those with the most rows; classes without rows in it
 * come last: nothing can be bad about them.
 */
export function worstFirst({ report: { classes } }: Scored): ClassOrder {
  return {
    label: "Worst F1 first",
    keyOf: (index) => (classes[index]?.support ? classes[index].f1 : NaN),
    tieOf: (index) => -(classes[index]?.support ?? 0),
  };
}

/** Classes by their rows in an evaluation. */
export function mostRowsFirst({ report: { classes } }: Scored): ClassOrder {
  return { label: "Most rows first", keyOf: (index) => -(classes[index]?.support ?? 0) };
}
