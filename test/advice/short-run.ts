import type { EvaluationFacts, RunRecord } from "../../src/advice/record.ts";
import { reportOf } from "../../src/metrics/report-of.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";

interface ShortRun {
  /** Validation rows of each class; training rows are four times as many. */
  supports: number[];
  steps: number;
  plannedSteps?: number;
  stepsPerEpoch: number;
  /** Training loss of each step. */
  lossAt: (step: number) => number;
  /** Logits of a row of a class, at the evaluation before the first step and at the last one. */
  before: (truth: number, row: number) => number[];
  after: (truth: number, row: number) => number[];
  recipe?: Partial<Recipe>;
  state?: RunRecord["state"];
}

/** A run of few steps and two evaluations, as a person gets it from a small table. */
export function shortRun(run: ShortRun): RunRecord {
  const { supports, steps, stepsPerEpoch, lossAt, recipe = {}, state = "finished" } = run;
  const labels = supports.flatMap((count, k) => Array.from({ length: count }, () => k));
  const evaluation = (scope: EvaluationFacts["scope"], step: number, logits: ShortRun["after"]) => ({
    scope,
    step,
    report: reportOf(Int32Array.from(labels), Float32Array.from(labels.flatMap(logits)), supports.length),
  });
  return {
    recipe: { ...defaultRecipe, evaluationsPerEpoch: 0, ...recipe },
    plan: { steps: run.plannedSteps ?? steps, stepsPerEpoch, validationRows: labels.length },
    steps: Array.from({ length: steps }, (_, i) => {
      return { step: i + 1, loss: lossAt(i + 1), gradientNorm: 2, learningRate: 2e-5 };
    }),
    evaluations: [evaluation("baseline", 0, run.before), ...(steps > 0 ? [evaluation("full", steps, run.after)] : [])],
    earlier: [],
    others: { labels: [], numbers: [], entities: [] },
    earlierTexts: [],
    state,
    labelNames: supports.map((_, k) => `class ${k}`),
    data: { trainCounts: supports.map((count) => 4 * count), longerThan: null, mostTokens: 512, layers: 6 },
  };
}

/** Logits of a model that gives every row the same class, surely or hardly. */
export const always = (classes: number, chosen: number, sureness: number) => () =>
  Array.from({ length: classes }, (_, k) => (k === chosen ? sureness : 0));

/** Logits of a head that knows nothing: now this class, now that, hardly more than the others. */
export const aimless = (classes: number) => (truth: number, row: number) =>
  Array.from({ length: classes }, (_, k) => ((truth * 7 + row * 3 + k) % classes === 0 ? 0.1 : 0));

/** Logits of a model that gives `right` of ten rows their own class. */
export const learned = (classes: number, right: number) => (truth: number, row: number) =>
  Array.from({ length: classes }, (_, k) => (k === (row % 10 < right ? truth : (truth + 1) % classes) ? 3 : 0));
