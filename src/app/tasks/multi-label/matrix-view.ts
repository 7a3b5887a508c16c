import type { MultiLabelReport } from "../../../metrics/multi-label/report.ts";

type Labelled = Pick<MultiLabelReport, "classes">;

/** The matrices as the lines of a CSV file: one for each label. */
export function matrixLines({ classes }: Labelled, labelNames: readonly string[]) {
  return {
    header: ["label", "threshold", "true positives", "false positives", "false negatives", "true negatives"],
    lines: classes.map(({ threshold, matrix }, k) => {
      const [trueNegatives, falsePositives, falseNegatives, truePositives] = matrix;
      return [labelNames[k] ?? `label ${k}`, threshold, truePositives, falsePositives, falseNegatives, trueNegatives];
    }),
  };
}

/** Labels by their number of wrong decisions, most first; of equal ones the first label. */
export function mostWrongFirst({ classes }: Labelled): number[] {
  const wrong = classes.map(({ matrix: [, falsePositives, falseNegatives] }) => falsePositives + falseNegatives);
  return [...wrong.keys()].sort((a, b) => (wrong[b] ?? 0) - (wrong[a] ?? 0) || a - b);
}
