import { number, onOff, share } from "../field-kinds.ts";
import { practice } from "./sources.ts";
import { wholeTexts } from "./task.ts";

export const evaluation = {
  title: "Evaluation and split",
  fields: {
    baseline: onOff({
      label: "Baseline first",
      what: "Before the fine-tuning, a linear model is fitted to the vectors of the frozen encoder (linear probing): its scores come within seconds, and are what the fine-tuning has to beat.",
      usual: "On; it costs one pass over the rows, or over a share of many.",
      source: "Alain and Bengio 2017, Understanding Intermediate Layers Using Linear Classifier Probes",
      default: true,
      matters: [wholeTexts],
      ofTheData: true,
    }),
    evaluationsPerEpoch: number({
      label: "Evaluations per epoch",
      what: "How often a fixed sample of validation rows is scored during an epoch; 0 for never. All validation rows are scored after each epoch.",
      usual: "10.",
      source: practice,
      default: 10,
      whole: true,
      from: 0,
      upTo: 1000,
    }),
    evaluationSample: number({
      label: "Evaluation sample",
      what: "Validation rows scored in each evaluation during an epoch.",
      usual: "256: enough for a trend, not for a result.",
      source: practice,
      default: 256,
      whole: true,
      unit: "rows",
      from: 1,
      upTo: 100_000,
      ofTheData: true,
    }),
    validationShare: share({
      label: "Held out",
      what: "Share of the rows kept for validation when there is no second file.",
      usual: "0.1 to 0.2, the same share of each class, label, range of numbers or type of entity.",
      source: "Stratified split, as in scikit-learn",
      default: 0.2,
      from: 0,
      upTo: 0.9,
      example: "0.2",
      refuses: {
        value: 0,
        because: "0 would leave no rows to validate. Enter a share above 0, up to 0.9, for example 0.2.",
      },
      readByBaseline: true,
      ofTheData: true,
    }),
    seed: number({
      label: "Seed",
      what: "Determines the split, the order of rows, dropout and the new classifier; the same seed repeats a run.",
      usual: "Any whole number. Compare several before trusting a small difference.",
      source:
        "Dodge et al. 2020, Fine-Tuning Pretrained Language Models: Weight Initializations, Data Orders, and Early Stopping",
      default: 42,
      whole: true,
      from: 0,
      upTo: 0xffffffff,
      readByBaseline: true,
      ofTheData: true,
    }),
  },
};
