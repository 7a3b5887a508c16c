import { createElement } from "react";
import type { ClassPrediction } from "../../../tasks/single-label/predictions.ts";
import type { RunPanels } from "../panels.ts";
import { classColumns, classScoresCsv } from "../classes/class-csv.ts";
import { ConfusionMatrix } from "./ConfusionMatrix.tsx";
import { ClassFigures } from "./ClassFigures.tsx";
import { ErrorsTab } from "./ErrorsTab.tsx";
import { classEvaluations, classReport } from "../classes/class-reports.ts";
import { Probabilities } from "../classes/Probabilities.tsx";
import { scoreLines, ScoresTable } from "../classes/ScoresTable.tsx";

/** Scores by class, and the confusion matrix. */
export const singleLabelRun: RunPanels = {
  Mistakes: ConfusionMatrix as RunPanels["Mistakes"],
  Scores: ScoresTable as RunPanels["Scores"],
  RowFigures: ClassFigures,
  Errors: ErrorsTab,
  Prediction: ({ labelNames, prediction, stale }) => {
    const { probabilities } = prediction as ClassPrediction;
    return createElement(Probabilities, { answer: { labelNames, probabilities }, stale });
  },
  scoreLines: {
    header: ["class or figure", "precision or value", "recall", "F1", "rows"],
    of(report, labelNames) {
      const { classes, averages } = scoreLines(classReport(report), labelNames);
      return [...classes, ...averages].map(({ name, scores: s }) => [name, s.precision, s.recall, s.f1, s.support]);
    },
  },
  columns(labelNames) {
    const { header, cellsOf } = classColumns(labelNames);
    return { header, cellsOf: (report) => cellsOf(classReport(report)) };
  },
  files: [
    {
      name: "class-scores.csv",
      csv: (evaluations, labelNames, style) => classScoresCsv(classEvaluations(evaluations), labelNames, style),
    },
  ],
};
