import type { MultiLabelReport } from "../../../metrics/multi-label/report.ts";
import { labelClaims } from "../../../tasks/multi-label/decision.ts";
import type { LabelRowScores } from "../../../tasks/multi-label/scores.ts";
import type { RunPanels } from "../panels.ts";
import { classColumns, classScoresCsv } from "../classes/class-csv.ts";
import { classEvaluations, classReport } from "../classes/class-reports.ts";
import { scoreLines } from "../classes/ScoresTable.tsx";
import { LabelAnswer } from "./LabelAnswer.tsx";
import { LabelMatrices } from "./LabelMatrices.tsx";
import { LabelScoresTable } from "./LabelScoresTable.tsx";
import { labelOutcomes } from "./wrong-labels.ts";
import { WrongLabelsTab } from "./WrongLabelsTab.tsx";

/** Scores by label, and a matrix for each. */
export const multiLabelRun: RunPanels = {
  Mistakes: LabelMatrices as RunPanels["Mistakes"],
  Scores: LabelScoresTable as RunPanels["Scores"],
  claims: ({ truth, scores }, decided) => labelClaims(truth, scores as LabelRowScores, decided),
  outcomes: labelOutcomes,
  Errors: WrongLabelsTab,
  Prediction: LabelAnswer as RunPanels["Prediction"],
  scoreLines: {
    header: ["label or figure", "precision or value", "recall", "F1", "average precision", "threshold", "rows"],
    of(report, labelNames) {
      const { classes, averages } = scoreLines(classReport(report), labelNames);
      const own = report as MultiLabelReport;
      return [
        ...classes.map(({ name, scores: s }, k) => {
          const { averagePrecision, threshold } = own.classes[k] ?? {};
          return [name, s.precision, s.recall, s.f1, averagePrecision ?? "", threshold ?? "", s.support];
        }),
        ...averages.map(({ name, scores: s }) => [name, s.precision, s.recall, s.f1, "", "", s.support]),
      ];
    },
  },
  columns(labelNames) {
    const { header, cellsOf } = classColumns(labelNames);
    return { header, cellsOf: (report) => cellsOf(classReport(report)) };
  },
  files: [
    {
      name: "label-scores.csv",
      csv: (evaluations, labelNames, style) => classScoresCsv(classEvaluations(evaluations), labelNames, style),
    },
  ],
};
