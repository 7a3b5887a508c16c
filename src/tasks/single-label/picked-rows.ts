import { takeLabels, type RowLabels } from "../../data/row-labels.ts";
import { scoresOfCells } from "../../metrics/class-scores.ts";
import { ConfusionCounter } from "../../metrics/confusion.ts";
import type { Report } from "../../metrics/report.ts";
import type { RowScores } from "../../metrics/row-scores.ts";
import type { ScoredRows } from "../task.ts";
import { LEAST } from "./redrawn.ts";

/** Some of the scored rows, in this order, and their report. */
export function pickedClasses(
  all: RowLabels,
  scores: RowScores,
  rows: Int32Array,
  { length: classes }: readonly string[],
): ScoredRows<Report, RowScores> {
  const truth = takeLabels(all, rows);
  const { kept, keptClasses } = scores;
  const probabilities = takeLabels({ labels: scores.probabilities, labelWidth: kept }, rows).labels;
  const own: RowScores = {
    predicted: Int32Array.from(rows, (row) => scores.predicted[row] ?? -1),
    confidence: Float32Array.from(rows, (row) => scores.confidence[row] ?? NaN),
    truthProbability: Float32Array.from(rows, (row) => scores.truthProbability[row] ?? NaN),
    kept,
    probabilities: Float32Array.from(probabilities),
    keptClasses: keptClasses && Int32Array.from(takeLabels({ labels: keptClasses, labelWidth: kept }, rows).labels),
  };
  const counter = new ConfusionCounter(classes);
  let loss = 0;
  own.predicted.forEach((predicted, row) => {
    counter.add(truth.labels[row] ?? 0, predicted);
    loss -= Math.log(Math.max(own.truthProbability[row] ?? NaN, LEAST));
  });
  const logLoss = rows.length === 0 ? 0 : loss / rows.length;
  return { truth, scores: own, report: { logLoss, ...scoresOfCells(counter.cells(), classes) } };
}
