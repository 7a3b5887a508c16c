import { cell, table } from "../../io/markdown.ts";
import type { LabelScores, MultiLabelReport } from "../../metrics/multi-label/report.ts";
import type { ClassScores } from "../../metrics/report.ts";

/** A card of thousands of labels is not read to its end. */
const MOST_NAMED = 100;

/** Where thresholds come from: those with the best F1 on the training rows, or a person. */
export type ThresholdSource = "training rows" | "hand";

/**
 * The labels by name, of many the first, and how they are predicted.
 *
 * @param source where thresholds come from; null where all are 0.5
 */
export function labelsText(labelNames: readonly string[], source: ThresholdSource | null): string {
  const named = labelNames.slice(0, MOST_NAMED).map(cell).join(", ");
  const more = labelNames.length - MOST_NAMED;
  const all = more > 0 ? `${named} and ${more} more (\`config.json\` has all)` : named;
  const origin =
    source === "hand"
      ? "set by hand, so that scores of the rows that it was chosen on are too good"
      : "tuned for the best F1 on the training rows";
  const from =
    source === null
      ? "0.5"
      : `its own threshold, ${origin} (in the table below; the \`config.json\` of a whole model has them as \`tabtune.thresholds\`)`;
  return `Labels, of which a text can have several: ${all}. A label is predicted from a probability of ${from} on.`;
}

/** The scores of all validation rows: a line, the averages, and a table of labels. */
export function results(report: MultiLabelReport, labelNames: readonly string[]): string {
  const figures = ({ precision, recall, f1, support }: ClassScores) => [
    ...[precision, recall, f1].map((value) => value.toFixed(4)),
    String(support),
  ];
  const optional = (value: number | null) => (value === null ? "" : value.toFixed(4));
  const shown = report.classes.slice(0, MOST_NAMED);
  const row = (scores: LabelScores, k: number) => [
    cell(labelNames[k] ?? ""),
    ...figures(scores),
    optional(scores.averagePrecision),
    scores.threshold.toFixed(4),
  ];
  const average = (name: string, scores: ClassScores, precision: number | null) => [
    name,
    ...figures(scores),
    optional(precision),
    "",
  ];
  const hidden = report.classes.length - shown.length;
  return [
    `All labels right in ${(100 * report.subsetAccuracy).toFixed(2)} % of the rows, Hamming loss ` +
      `${report.hammingLoss.toFixed(4)}, log loss ${report.logLoss.toFixed(4)}.`,
    table(
      ["Label", "Precision", "Recall", "F1", "Rows", "Average precision", "Threshold"],
      [
        ...shown.map(row),
        average("macro average", report.macro, report.macroAveragePrecision),
        average("micro average", report.micro, report.microAveragePrecision),
        average("weighted average", report.weighted, null),
        average("mean over rows", report.samples, null),
      ],
    ),
    ...(hidden > 0 ? [`${hidden} more labels are not listed.`] : []),
  ].join("\n\n");
}
