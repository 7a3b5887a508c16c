import type { RunPanels } from "../panels.ts";
import { classColumns, classScoresCsv } from "./class-csv.ts";
import { ConfusionMatrix } from "./ConfusionMatrix.tsx";
import { scoreLines, ScoresTable } from "./ScoresTable.tsx";

/** Scores by class, and the confusion matrix. */
export const singleLabelRun: RunPanels = {
  Mistakes: ConfusionMatrix,
  Scores: ScoresTable,
  scoreLines: {
    header: ["class or figure", "precision or value", "recall", "F1", "rows"],
    of(report, labelNames) {
      const { classes, averages } = scoreLines(report, labelNames);
      return [...classes, ...averages].map(({ name, scores: s }) => [name, s.precision, s.recall, s.f1, s.support]);
    },
  },
  columns: classColumns,
  files: [{ name: "class-scores.csv", csv: classScoresCsv }],
};
