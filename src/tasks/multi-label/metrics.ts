import type { MultiLabelReport } from "../../metrics/multi-label/report.ts";
import { sigmoidLoss } from "../linear-losses.ts";
import type { Metric, Task } from "../task.ts";

/** Mean binary cross-entropy over rows and labels. */
const loss: Metric<MultiLabelReport> = {
  key: "logLoss",
  label: "Log loss",
  name: "log loss",
  axis: "loss (natural log)",
  better: "lower",
  kind: "loss",
  hubName: "log_loss",
  of: (report) => report.logLoss,
};

const score = (
  key: string,
  label: string,
  name: string,
  hubName: string,
  of: (report: MultiLabelReport) => number,
): Metric<MultiLabelReport> => ({ key, label, name, better: "higher", kind: "score", hubName, of });

/** Each text has any of several labels. */
export const multiLabel: Task<MultiLabelReport> = {
  name: "multi-label",
  targets: "a text has several labels: a column of 0 and 1 for each, or a cell that lists them",
  rows: "rows",
  head: "classifier",
  scoredBy: "sigmoid",
  metrics: [
    { ...score("macroF1", "Macro F1", "macro F1", "f1", (report) => report.macro.f1), leads: true },
    { ...score("microF1", "Micro F1", "micro F1", "f1", (report) => report.micro.f1), leads: true },
    score("samplesF1", "Samples F1", "samples F1", "f1", (report) => report.samples.f1),
    score("weightedF1", "Weighted F1", "weighted F1", "f1", (report) => report.weighted.f1),
    score(
      "averagePrecision",
      "Mean average precision",
      "mean average precision",
      "mean_average_precision",
      (report) => report.macroAveragePrecision ?? NaN,
    ),
    {
      ...score("subsetAccuracy", "All labels right", "all labels right", "accuracy", (report) => report.subsetAccuracy),
      kind: "share",
    },
    loss,
  ],
  loss,
  linearLoss: sigmoidLoss,
};
