import { classCounts } from "../../../tasks/single-label/class-counts.ts";
import type { DataSummary } from "../../../workers/protocol.ts";

/** Rows of each class, in both parts together [classes]. */
export function classTotals({ labelNames, targets }: DataSummary): number[] {
  const { trainCounts = [], validationCounts = [] } = classCounts(targets) ?? {};
  return labelNames.map((_, i) => (trainCounts[i] ?? 0) + (validationCounts[i] ?? 0));
}

/** Rows of one class, for training and for validation. */
export function partsOfClass({ targets }: DataSummary, index: number): [train: number, held: number] {
  const counts = classCounts(targets);
  return [counts?.trainCounts[index] ?? 0, counts?.validationCounts[index] ?? 0];
}
