import type { DataSummary } from "../../../workers/protocol.ts";

/** Rows of each class, in both parts together [classes]. */
export function classTotals({ labelNames, trainCounts, validationCounts }: DataSummary): number[] {
  return labelNames.map((_, i) => (trainCounts[i] ?? 0) + (validationCounts[i] ?? 0));
}
