import { choice, number, weightsByClass } from "../field-kinds.ts";
import { oneClass, oneClassEach } from "./task.ts";

/** Where there are classes, labels or tags with names. */
const named = { field: "task", among: ["single-label", "multi-label", "token-classification", "auto"] } as const;

const cui = "Cui et al. 2019, Class-Balanced Loss Based on Effective Number of Samples";

export const classes = {
  title: "Losses and balance",
  fields: {
    classWeights: weightsByClass({
      label: "Class weights",
      what: "How much a row of each class, or a word of each tag, counts in the loss.",
      usual: "None; balanced or by the effective number when the model misses a rare class too often.",
      source: "King and Zeng 2001; “balanced” as in scikit-learn",
      default: null,
      matters: [named],
      ofTheData: true,
    }),
    effectiveBeta: number({
      label: "Effective number (β)",
      what: "How soon further rows of a class stop adding to what it has: near 1 weights are nearly balanced, at 0 there are none.",
      usual: "0.999; 0.99 to 0.9999.",
      source: cui,
      default: 0.999,
      from: 0,
      below: 1,
      example: "0.99",
      matters: [named, { field: "classWeights", is: "effective" }],
      ofTheData: true,
    }),
    focalGamma: number({
      label: "Focal loss (γ)",
      what: "Rows that the model already gets right count less: by (1 − p) to the power of γ, where p is the probability of the row's class.",
      usual: "0 (off, cross-entropy); 2, or 0.5 to 5, when most rows are easy and a few classes are missed.",
      source: "Lin et al. 2017, Focal Loss for Dense Object Detection",
      default: 0,
      from: 0,
      upTo: 10,
      example: "2",
      matters: [oneClassEach],
    }),
    sampling: choice({
      label: "Sampling of classes",
      what: "Which training rows an epoch has: all, or as many of each class.",
      usual: "All rows. With repeated or left-out rows, class weights are best left at none.",
      source: "Buda et al. 2018, A Systematic Study of the Class Imbalance Problem",
      default: "all",
      matters: [oneClass],
      ofTheData: true,
      choices: [
        { value: "all", label: "All rows as they are" },
        { value: "oversample", label: "Repeat rows of smaller classes" },
        { value: "undersample", label: "Leave out rows of larger classes" },
      ],
    }),
  },
};
