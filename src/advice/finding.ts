import type { Recipe } from "../recipe/recipe.ts";

/** How much it matters, the gravest first. */
export const severities = ["high", "medium", "low"] as const;
/** How sure a rule is, the surest first. */
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
  forgetting: "Forgetting",
} as const;

/** Something to do about a finding. */
export interface Remedy {
  text: string;
  /** The change of the recipe that does it, and words for its button; null where no field does it. */
  change: { patch: Partial<Recipe>; label: string } | null;
}

/** What a rule has seen in a run. */
export interface Finding {
  /** That of the rule: one finding a rule. */
  id: string;
  title: string;
  /** One to three sentences with the numbers seen, and how far they can be trusted. */
  text: string;
  severity: (typeof severities)[number];
  certainty: (typeof certainties)[number];
  remedies: Remedy[];
  /** Where the handbook has more. */
  anchor: keyof typeof sections;
}
