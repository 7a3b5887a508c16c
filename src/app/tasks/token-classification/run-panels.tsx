import type { TokenReport } from "../../../tasks/token-classification/metrics.ts";
import type { RunPanels } from "../panels.ts";
import { classColumns, classScoresCsv } from "../classes/class-csv.ts";
import { scoreLines, ScoresTable } from "../classes/ScoresTable.tsx";
import { EntityAnswer } from "./EntityAnswer.tsx";
import { EntityErrorsTab } from "./EntityErrorsTab.tsx";
import { EntityOutcomes } from "./EntityOutcomes.tsx";
import { typeScores } from "./type-scores.ts";

const words = { line: "Type", support: "Entities", table: "Scores of each type of entity" };

/** Scores by type of entity, and entities in their texts. */
export const tokenClassificationRun: RunPanels = {
  Mistakes: EntityOutcomes as RunPanels["Mistakes"],
  Scores({ report, labelNames }) {
    const { types, of } = typeScores(labelNames);
    return <ScoresTable report={of(report as TokenReport)} labelNames={types} words={words} />;
  },
  Errors: EntityErrorsTab,
  Prediction: EntityAnswer as RunPanels["Prediction"],
  scoreLines: {
    header: ["type or figure", "precision or value", "recall", "F1", "entities or texts"],
    of(report, labelNames) {
      const { types, of } = typeScores(labelNames);
      const { classes, averages } = scoreLines(of(report as TokenReport), types);
      return [...classes, ...averages].map(({ name, scores: s }) => [name, s.precision, s.recall, s.f1, s.support]);
    },
  },
  columns(labelNames) {
    const { types, of } = typeScores(labelNames);
    const { header, cellsOf } = classColumns(types);
    return { header, cellsOf: (report) => cellsOf(of(report as TokenReport)) };
  },
  files: [
    {
      name: "entity-scores.csv",
      csv(evaluations, labelNames, style) {
        const { types, ofEvaluations } = typeScores(labelNames);
        return classScoresCsv(ofEvaluations(evaluations), types, style);
      },
    },
  ],
};
