import { countLabels } from "../../data/groups.ts";
import type { LabelledRows } from "../../data/rows.ts";
import type { TargetSummary } from "../../data/summary.ts";

/** Rows of each class in the training part and in the validation part [classes]. */
export interface ClassCounts {
  trainCounts: number[];
  validationCounts: number[];
}

/** The class counts of a summary of this task's rows; null for rows of another task. */
export function classCounts(targets: TargetSummary): ClassCounts | null {
  return "trainCounts" in targets ? (targets as ClassCounts) : null;
}

const SHOWN_CLASSES = 20;

/** Rows of each class in all parts together, in words: "ham 4825, spam 747". */
export function countsText(parts: readonly LabelledRows[]): string {
  const names = parts[0]?.labelNames ?? [];
  const counts = parts.map(({ labels }) => countLabels(labels, names.length));
  const shown = names
    .slice(0, SHOWN_CLASSES)
    .map((name, label) => `${name} ${counts.reduce((sum, own) => sum + (own[label] ?? 0), 0)}`);
  const more = names.length - SHOWN_CLASSES;
  return shown.join(", ") + (more > 0 ? ` and ${more.toLocaleString("en")} more` : "");
}
