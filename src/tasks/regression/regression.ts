import { gatherBatch } from "../../data/batches.ts";
import { cell, table } from "../../io/markdown.ts";
import { RegressionScorer, type RegressionReport } from "../../metrics/regression/report.ts";
import { squaredLoss } from "../linear-losses.ts";
import type { TrainedTask } from "../task.ts";
import { regression } from "./metrics.ts";
import { spreadOf } from "./number-summary.ts";
import { valueText } from "./value-text.ts";
import { predictionColumns, printedNumbers, type NumberPrediction, type NumberScores } from "./predictions.ts";
import { pickedNumbers } from "./picked-rows.ts";
import { rowOutcomes } from "./row-outcomes.ts";
import { redrawnNumbers } from "./redrawn.ts";
import { StandardizedError } from "./standardized-error.ts";

type RegressionTask = TrainedTask<RegressionReport, NumberScores, NumberPrediction>;

/** How the numbers of the training rows are spread. */
interface Standard {
  mean: number;
  deviation: number;
}

/** Each text has a number, in the units of the model's own outputs. */
export const trainedRegression: RegressionTask = standardized({ mean: 0, deviation: 1 });

/**
 * The model's outputs are standardized numbers, of mean 0 and deviation 1 over the training rows, so that rates and Huber's
 * bound mean the same for any units; scores and predictions are in those of the data, and so is what is exported.
 */
function standardized({ mean, deviation }: Standard): RegressionTask {
  const unitsOf = (outputs: Float32Array) => outputs.map((output) => output * deviation + mean);
  return {
    ...regression,
    outputs: () => 1,
    lossOf: (_, { huber }) => new StandardizedError({ mean, deviation }, huber ?? 0),
    plainLoss: () => new StandardizedError({ mean, deviation }),
    // A draw from the normal distribution around the output, of which the squared error is the log likelihood.
    drawnLabels: (outputs, _, random) => unitsOf(outputs.map((output) => output + normal(random))),
    batchOf: gatherBatch,
    linearLoss: squaredLoss({ mean, deviation }),
    scoring: {
      reads: "outputs",
      scorer({ labels }) {
        const scorer = new RegressionScorer(labels);
        return {
          add: (outputs) => scorer.add(unitsOf(outputs)),
          report: () => scorer.report(),
          scores: () => ({ predicted: scorer.predicted() }),
        };
      },
    },
    forRows: ({ labels }) => {
      const spread = spreadOf(labels);
      return standardized({ mean: spread.mean, deviation: spread.deviation || 1 });
    },
    exported: { scale: deviation, shift: mean },
    predictionsOf: (outputs) => Array.from(unitsOf(outputs), (value) => ({ value })),
    printed: printedNumbers,
    predictionColumns,
    pickedRows: pickedNumbers,
    rowOutcomes,
    filed: (report) => report,
    redrawn: redrawnNumbers,
    adapterType: "SEQ_CLS",
    config: ([name = "LABEL_0"]) => ({
      problem_type: "regression",
      num_labels: 1,
      id2label: { 0: name },
      label2id: { [name]: 0 },
    }),
    card: {
      metrics: ["mae", "mse", "pearsonr", "spearmanr"],
      noun: "text regressor",
      outputs: ([name = ""]) =>
        `It predicts a number, “${cell(name)}”, in the units of the data: its mean over the training rows is ` +
        `${valueText(mean)}, its standard deviation ${valueText(deviation)}.`,
      results,
    },
  };
}

function results(report: RegressionReport): string {
  const { mae, rmse, medianError, maxError, r2, pearson, spearman } = report;
  const optional = (value: number | null) => (value === null ? "not defined" : value.toFixed(4));
  return table(
    ["Figure", "Value"],
    [
      ["Mean absolute error", valueText(mae)],
      ["Root mean squared error", valueText(rmse)],
      ["Median absolute error", valueText(medianError)],
      ["Largest error", valueText(maxError)],
      ["R²", optional(r2)],
      ["Pearson correlation", optional(pearson)],
      ["Spearman correlation", optional(spearman)],
    ],
  );
}

/** A standard normal number (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
