import type { LabelledRows } from "../../data/rows.ts";

/** Rows of each label in the training part and in the validation part [labels], and the mean number of labels of a row. */
export interface LabelCounts {
  trainCounts: number[];
  validationCounts: number[];
  labelsPerRow: number;
}

/** Number of rows that have each label: [labels]. */
export function marksCounted({ labels, labelNames }: Pick<LabelledRows, "labels" | "labelNames">): number[] {
  const counts = new Array<number>(labelNames.length).fill(0);
  labels.forEach((mark, at) => {
    if (mark > 0) counts[at % counts.length] = (counts[at % counts.length] ?? 0) + 1;
  });
  return counts;
}

const SHOWN_LABELS = 20;

/** Rows of each label in all parts together, in words: "joy 482, anger 74". */
export function countsText(parts: readonly LabelledRows[]): string {
  const names = parts[0]?.labelNames ?? [];
  const counts = parts.map(marksCounted);
  const shown = names
    .slice(0, SHOWN_LABELS)
    .map((name, label) => `${name} ${counts.reduce((sum, own) => sum + (own[label] ?? 0), 0)}`);
  const more = names.length - SHOWN_LABELS;
  return shown.join(", ") + (more > 0 ? ` and ${more.toLocaleString("en")} more` : "");
}
