import { createElement } from "react";
import type { RowScores } from "../../../metrics/row-scores.ts";
import { classClaims } from "../../../tasks/single-label/decision.ts";
import type { ClassPrediction } from "../../../tasks/single-label/predictions.ts";
import { percentText } from "../../figures.ts";
import type { RunPanels } from "../panels.ts";
import { classColumns, classScoresCsv } from "../classes/class-csv.ts";
import { ConfusionMatrix } from "./ConfusionMatrix.tsx";
import { ClassFigures } from "./ClassFigures.tsx";
import { classOutcomes } from "./wrong-rows.ts";
import { ErrorsTab } from "./ErrorsTab.tsx";
import { classEvaluations, classReport } from "../classes/class-reports.ts";
import { Probabilities } from "../classes/Probabilities.tsx";
import { scoreLines, ScoresTable } from "../classes/ScoresTable.tsx";

/** Scores by class, and the confusion matrix. */
export const singleLabelRun: RunPanels = {
  Mistakes: ConfusionMatrix as RunPanels["Mistakes"],
  Scores: ScoresTable as RunPanels["Scores"],
  RowFigures: ClassFigures,
  claims: ({ truth, scores }, decided) => classClaims(truth, scores as RowScores, decided),
  outcomes: classOutcomes,
  Errors: ErrorsTab,
  Prediction: ({ labelNames, prediction, stale }) => {
    const { label, probabilities } = prediction as ClassPrediction;
    const own = probabilities[labelNames.indexOf(label)] ?? NaN;
    // Thresholds may decide for a class that is not the most probable one.
    const said = own < Math.max(...probabilities) && {
      said: `${label}, ${percentText(own)}: it reaches its threshold`,
    };
    return createElement(Probabilities, { answer: { labelNames, probabilities }, stale, ...said });
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
