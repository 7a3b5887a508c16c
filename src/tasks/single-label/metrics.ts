import type { Report } from "../../metrics/report.ts";
import { softmaxLoss } from "../linear-losses.ts";
import type { Metric, Task } from "../task.ts";

/** Mean negative log likelihood of the true classes. */
const logLoss: Metric<Report> = {
  key: "logLoss",
  label: "Log loss",
  name: "log loss",
  axis: "loss (natural log)",
  better: "lower",
  kind: "loss",
  hubName: "log_loss",
  of: (report) => report.logLoss,
};

const metrics: Task<Report>["metrics"] = [
  {
    key: "accuracy",
    label: "Accuracy",
    name: "accuracy",
    better: "higher",
    kind: "share",
    leads: true,
    hubName: "accuracy",
    of: (report) => report.accuracy,
  },
  {
    key: "macroF1",
    label: "Macro F1",
    name: "macro F1",
    better: "higher",
    kind: "score",
    leads: true,
    hubName: "f1",
    of: (report) => report.macro.f1,
  },
  {
    key: "weightedF1",
    label: "Weighted F1",
    name: "weighted F1",
    better: "higher",
    kind: "score",
    hubName: "f1",
    of: (report) => report.weighted.f1,
  },
  {
    key: "matthews",
    label: "Matthews correlation",
    name: "Matthews correlation",
    better: "higher",
    kind: "score",
    hubName: "matthews_correlation",
    of: (report) => report.matthews,
  },
  {
    key: "balancedAccuracy",
    label: "Balanced accuracy",
    name: "balanced accuracy",
    better: "higher",
    kind: "share",
    hubName: "balanced_accuracy",
    of: (report) => report.balancedAccuracy,
  },
  {
    key: "kappa",
    label: "Cohen’s kappa",
    name: "Cohen’s kappa",
    better: "higher",
    kind: "score",
    hubName: "cohen_kappa",
    of: (report) => report.kappa ?? NaN,
  },
  logLoss,
];

/** Each text has one class. */
export const singleLabel: Task<Report> = {
  name: "single-label",
  targets: "each value of the label column is a class",
  rows: "rows",
  head: "classifier",
  metrics,
  loss: logLoss,
  linearLoss: softmaxLoss,
};
