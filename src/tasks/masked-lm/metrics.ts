import type { Metric, Task, TextReport } from "../task.ts";

const loss: Metric<TextReport> = {
  key: "loss",
  label: "Loss",
  name: "loss",
  better: "lower",
  kind: "loss",
  leads: true,
  hubName: "loss",
  of: (report) => report.loss,
};

/** The model fills in words that are hidden from it. */
export const maskedLm: Task<TextReport> = {
  name: "masked-lm",
  targets: "words of the texts are hidden",
  metrics: [
    loss,
    {
      key: "perplexity",
      label: "Perplexity",
      name: "perplexity",
      better: "lower",
      kind: "loss",
      hubName: "perplexity",
      of: (report) => Math.exp(report.loss),
    },
  ],
  loss,
};
