import type { Recipe } from "../recipe/recipe.ts";

/** How much it matters, the gravest first. */
export const severities = ["high", "medium", "low"] as const;
/** How sure a rule is, the surest first. */
export const certainties = ["clear", "likely", "possible"] as const;

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
  /** Of docs/handbook.md, without the "#". */
  anchor:
    | "overfitting"
    | "underfitting"
    | "instability"
    | "collapse"
    | "learning-rate"
    | "batch-size"
    | "max-length"
    | "imbalance"
    | "forgetting";
}
