import type { Recipe } from "../recipe/recipe.ts";

/** How much a finding matters, most severe first. */
export const severities = ["high", "medium", "low"] as const;
/** How certain a rule is, most certain first. */
export const certainties = ["clear", "likely", "possible"] as const;

/** Sections of docs/handbook.md that findings point to, by their anchors. */
export const sections = {
  "a-short-or-failed-run": "A short or failed run",
  overfitting: "Overfitting",
  underfitting: "Underfitting",
  instability: "Instability",
  collapse: "Collapse",
  "learning-rate": "Learning rate",
  "batch-size": "Batch size",
  "max-length": "Max length",
  imbalance: "Imbalance",
  "multi-label": "Multi-label",
  regression: "Regression",
  "token-classification": "Token classification",
  forgetting: "Forgetting",
} as const;

/** Sections on data and evaluation, which say how a remedy is made that no field of the recipe makes. */
export const practices = {
  "label-noise": "Label noise",
  augmentation: "Augmentation",
  labels: "Labels",
  "sizes-of-the-classes": "Sizes of the classes",
  "changing-rows": "Changing rows",
  "labelling-what-is-not-labelled": "Labelling what is not labelled",
  "evaluating-honestly": "Evaluating honestly",
} as const;

/** The anchor of such a section. */
export type Practice = keyof typeof practices;

/** Something to do about a finding. */
export interface Remedy {
  text: string;
  /** The change of the recipe that does it, and the label of its button; null where no field does it. */
  change: { patch: Partial<Recipe>; label: string } | null;
  /** Where the handbook says how, if not where the finding points to. */
  practice?: Practice;
}

/** What a rule has seen in a run. */
export interface Finding {
  /** The id of the rule; a rule has at most one finding. */
  id: string;
  title: string;
  /** One to three sentences with the numbers seen, and how far they can be trusted. */
  text: string;
  severity: (typeof severities)[number];
  certainty: (typeof certainties)[number];
  remedies: Remedy[];
  /** The section of the handbook with more about it. */
  anchor: keyof typeof sections;
}
