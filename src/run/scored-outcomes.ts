import type { TrainedTask } from "../tasks/task.ts";
import type { Results, ScoredOutcomes } from "./results.ts";

/** How scored rows came out; null where the task says of no row how it did. */
export function scoredOutcomes(
  task: TrainedTask,
  { truth, scores, labelNames, places }: Results,
): ScoredOutcomes | null {
  const found = task.rowOutcomes?.(truth, scores, labelNames);
  if (!found) return null;
  const placeOf = new Map<string, number>();
  const labels: number[] = [];
  const starts = Int32Array.from({ length: found.outcomes.values.length + 1 }, (_, row) => {
    const first = labels.length;
    if (row === found.outcomes.values.length) return first;
    for (const label of found.labelsOf(row)) {
      const place = placeOf.get(label) ?? placeOf.size;
      placeOf.set(label, place);
      labels.push(place);
    }
    return first;
  });
  const named = { labelNames: [...placeOf.keys()], labels: Int32Array.from(labels), starts };
  return { outcomes: found.outcomes, ...named, ...(places && { places }) };
}
