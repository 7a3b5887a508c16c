import type { RegressionReport } from "../../metrics/regression/report.ts";
import { counted, percent } from "../../recipe/wording.ts";
import type { Finding } from "../finding.ts";
import { advised, changed, epochs, raiseRate, those, unfreeze, usualRate } from "../remedies.ts";
import { lastFull, type RunView } from "../view.ts";
import { figure } from "../words.ts";

/** Fewer validation rows than this say nothing of how numbers are spread. */
const LEAST_ROWS = 30;
/** From this number of rows on, the figures are no accident. */
const SURE_ROWS = 100;
/** R² up to this is that of the mean. */
const NEAR_MEAN = 0.05;
/** Few rows are this share of all, and dominate with this share of the squared errors. */
const FEW_ROWS = 0.05;
const MOST_ERROR = 0.5;
/** Up to this number of different numbers may be classes. */
const FEW_VALUES = 10;

/** Rules for texts with a number. */
export const numberRules = [nearTheMean, outliers, fewValues] as const;

/** The model predicts hardly better than the mean of the numbers. */
function nearTheMean(view: RunView): Finding | null {
  const last = lastFull(view, view.others.numbers);
  const r2 = last?.report.r2 ?? null;
  if (!last || r2 === null || last.report.rows < LEAST_ROWS || r2 > NEAR_MEAN) return null;
  const { rmse, rows } = last.report;
  const { recipe } = view;
  const sure = rows >= SURE_ROWS;
  return {
    id: "near-the-mean",
    title: "Predictions are no better than the mean",
    text:
      `On ${counted(rows, "validation row")} R² is ${Number(r2.toFixed(2)) || 0} and the root mean squared error ${figure(rmse)}: ` +
      "to predict the mean of these numbers for every text gives an R² of 0. " +
      (sure ? "It is clear that nothing was learned." : "With so few rows it is likely that nothing was learned."),
    severity: "high",
    certainty: sure ? "clear" : "likely",
    remedies: those(
      recipe.learningRate < 5 * usualRate(view) ? raiseRate(view, 5) : null,
      epochs(recipe, 2 * recipe.epochs, "Twice as many steps."),
      unfreeze(view),
      recipe.huber === null ? huber(view) : null,
      advised("Look at some rows: the numbers may not follow from the texts.", "changing-rows"),
    ),
    anchor: "regression",
  };
}

/** A few rows make most of the squared error. */
function outliers(view: RunView): Finding | null {
  const last = lastFull(view, view.others.numbers);
  if (!last || view.recipe.huber !== null || last.report.sample.length < LEAST_ROWS) return null;
  const errors = squaredErrors(last.report);
  const few = Math.max(1, Math.floor(FEW_ROWS * errors.length));
  const share = sum(errors.slice(0, few)) / sum(errors);
  if (!(share >= MOST_ERROR)) return null;
  const { mae, rmse, medianError, maxError } = last.report;
  return {
    id: "outliers",
    title: "A few rows make most of the error",
    text:
      `${few} of ${counted(errors.length, "row")} make ${percent(share)} of the squared error: the largest error is ` +
      `${figure(maxError)}, half of them are below ${figure(medianError)} (mean ${figure(mae)}, root mean square ` +
      `${figure(rmse)}). It is likely that a loss that follows far-off numbers less helps all others.`,
    severity: "medium",
    certainty: "likely",
    remedies: those(
      huber(view),
      advised("Look at these rows under Errors: a number may be mistyped or of another unit.", "changing-rows"),
      advised("Numbers over several powers of ten are better learned as their logarithms."),
    ),
    anchor: "regression",
  };
}

/** The numbers have so few values that they may be classes. */
function fewValues(view: RunView): Finding | null {
  const last = lastFull(view, view.others.numbers);
  if (!last || last.report.sample.length < LEAST_ROWS) return null;
  const values = new Set(last.report.sample.map(([truth]) => truth)).size;
  if (values > FEW_VALUES) return null;
  return {
    id: "few-values",
    title: "The numbers may be classes",
    text:
      `The ${counted(last.report.rows, "validation row")} have ${counted(values, "different number")}. Whether they are ` +
      "better predicted as classes depends on what they mean: of a number, 3 lies between 2 and 4; of a code it does not.",
    severity: "low",
    certainty: "possible",
    remedies: those(
      changed(view.recipe, { task: "single-label" }, "Predict classes", "Each of the numbers is then a class."),
    ),
    anchor: "regression",
  };
}

function huber({ recipe }: RunView) {
  const text = "Beyond a standard deviation, errors count by their size and no longer by its square.";
  return changed(recipe, { huber: 1 }, "Use the Huber loss", text);
}

/** The squared errors of the sample, largest first. */
function squaredErrors({ sample }: RegressionReport): number[] {
  return sample.map(([truth, predicted]) => (predicted - truth) ** 2).sort((a, b) => b - a);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
