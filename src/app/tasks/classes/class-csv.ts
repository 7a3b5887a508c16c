import { csvLine, type CsvStyle } from "../../../io/csv-cells.ts";
import { mostClassColumns } from "./class-choice.ts";
import type { ClassEvaluation, ClassReport } from "./class-reports.ts";

/** Columns of an evaluation's class scores in `metrics.csv`; those of many classes stand in `classScoresCsv` alone. */
export function classColumns(labelNames: readonly string[]) {
  const named = labelNames.length > mostClassColumns ? [] : labelNames;
  return {
    header: named.flatMap((name) => [`precision of ${name}`, `recall of ${name}`, `F1 of ${name}`]),
    cellsOf: ({ classes }: ClassReport) =>
      named.flatMap((_, k) => [classes[k]?.precision ?? NaN, classes[k]?.recall ?? NaN, classes[k]?.f1 ?? NaN]),
  };
}

/**
 * The scores of each class as a CSV table of a line for each evaluation and class, without classes that stand neither
 * in its rows nor in its predictions: so the file grows with the rows scored, whatever the number of classes.
 */
export function* classScoresCsv(
  evaluations: readonly ClassEvaluation[],
  labelNames: readonly string[],
  style: CsvStyle = {},
): Generator<string> {
  yield csvLine(["scope", "step", "epoch", "class", "rows", "precision", "recall", "F1"]);
  for (const { scope, step, epoch, report } of evaluations) {
    for (const [k, scores] of report.classes.entries()) {
      if (!scores) continue;
      const { support, precision, recall, f1 } = scores;
      yield csvLine([scope, step, epoch, labelNames[k] ?? `class ${k}`, support, precision, recall, f1], style);
    }
  }
}
