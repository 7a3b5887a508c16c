import type { EntityReport } from "../../metrics/entities/report.ts";
import type { Metric, Task } from "../task.ts";
import { otherTags } from "./tags.ts";

/** Entities found against those that are there, and how sure the model was of the words' tags. */
export interface TokenReport extends EntityReport {
  /** Mean of −log of the probability of each word's tag. */
  loss: number;
}

const loss: Metric<TokenReport> = {
  key: "loss",
  label: "Loss",
  name: "loss",
  axis: "loss (natural log)",
  better: "lower",
  kind: "loss",
  hubName: "loss",
  of: (report) => report.loss,
};

const score = (
  key: string,
  label: string,
  hubName: string,
  of: (report: TokenReport) => number,
): Metric<TokenReport> => ({
  ...{ key, label, name: label.charAt(0).toLowerCase() + label.slice(1), hubName, of },
  better: "higher",
  kind: "score",
});

/** Each word of a text has a tag, and words with tags in a row are entities. */
export const tokenClassification: Task<TokenReport> = {
  name: "token-classification",
  targets: "each word has a tag, or a text has spans of entities",
  rows: "texts",
  head: "token classifier",
  pipeline: "token-classification",
  asks: "words",
  metrics: [
    { ...score("entityF1", "Entity F1", "f1", ({ micro }) => micro.f1), leads: true },
    score("entityPrecision", "Entity precision", "precision", ({ micro }) => micro.precision),
    score("entityRecall", "Entity recall", "recall", ({ micro }) => micro.recall),
    { ...score("macroEntityF1", "Macro entity F1", "f1", ({ macro }) => macro.f1), leads: true },
    { ...score("tokenAccuracy", "Word accuracy", "accuracy", ({ tokenAccuracy }) => tokenAccuracy), kind: "share" },
    loss,
  ],
  loss,
  otherSpelling: otherTags,
};
