import type { EvaluationEvent } from "../../workers/protocol.ts";

/** Most classes whose lines are shown without asking. */
export const mostClassLines = 8;

/** Which classes' lines a chart starts with: all of a few, else the four with the most rows to train on. */
export function firstShown(supports: readonly number[]): number[] {
  const all = supports.map((_, index) => index);
  if (all.length <= mostClassLines) return all;
  const largest = all.sort((a, b) => (supports[b] ?? 0) - (supports[a] ?? 0) || a - b).slice(0, 4);
  return largest.sort((a, b) => a - b);
}

/** Classes by their F1 in the latest evaluation, worst first; classes without rows in it come last. */
export function worstFirst(latest: EvaluationEvent): number[] {
  const { classes } = latest.report;
  const key = (index: number) => (classes[index]?.support ? classes[index].f1 : 2);
  return classes.map((_, index) => index).sort((a, b) => key(a) - key(b) || a - b);
}
