import type { AnyReport, Metric, Task } from "../task.ts";

/** How well masked words of texts are filled in. */
export interface MaskedLmReport extends AnyReport {
  /** Tokens that were masked in the rows. */
  masked: number;
  /** Mean loss over them, nats. */
  loss: number;
  /** Its exponential: among so many equally likely words the model chooses. */
  perplexity: number;
  /** The loss of a guess among all words of the vocabulary. */
  guessing: number;
}

const loss: Metric<MaskedLmReport> = {
  key: "loss",
  label: "Loss of masked words",
  name: "loss of masked words",
  axis: "loss of the masked words (natural log)",
  better: "lower",
  kind: "loss",
  leads: true,
  hubName: "loss",
  of: (report) => report.loss,
};

/** The model fills in words that are hidden from it. */
export const maskedLm: Task<MaskedLmReport> = {
  name: "masked-lm",
  targets: "words of the texts are masked, and the language model predicts them",
  rows: "texts",
  head: "language-model head",
  metrics: [
    loss,
    {
      key: "perplexity",
      label: "Perplexity",
      name: "pseudo-perplexity",
      axis: "pseudo-perplexity of the texts",
      better: "lower",
      kind: "loss",
      decimals: 1,
      leads: true,
      hubName: "perplexity",
      of: (report) => report.perplexity,
    },
  ],
  loss,
};
