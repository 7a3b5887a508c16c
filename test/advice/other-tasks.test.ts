import { describe, expect, it } from "vitest";
import { advise } from "../../src/advice/advice.ts";
import type { RunRecord } from "../../src/advice/record.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { falling, guessing } from "./poor-runs.ts";
import { recordedRun } from "./recorded-run.ts";
import { shortRun } from "./short-run.ts";

/** A run as the advice gets it where rows have several labels or a number: without reports and without classes. */
function withoutClasses(run: RunRecord): RunRecord {
  return { ...run, evaluations: [], data: { ...run.data, trainCounts: [] } };
}

const short = shortRun({ ...guessing, steps: 60, stepsPerEpoch: 20, lossAt: falling(1, 0.8, 60) });

it("says of a short classifier that was never evaluated that nothing is known of it", () => {
  expect(advise({ ...short, evaluations: [] })[0]?.text).toContain("It was not evaluated after a step.");
});

it("is silent about the outcome of other tasks, whose reports it does not read", () => {
  expect(advise(withoutClasses(short))).toEqual([]);
  expect(advise(withoutClasses(shortRun({ ...guessing, lossAt: (step) => 40 / step })))).toEqual([]);
});

it("finds numbers that overflowed in any task, without the loss of guessing classes", () => {
  const steps = short.steps.map((facts) => (facts.step > 40 ? { ...facts, loss: NaN } : facts));
  const [found] = advise(withoutClasses({ ...short, steps, state: "failed" }));
  expect(found).toMatchObject({ id: "instability", title: "The steps were too large" });
  expect(found?.text).not.toMatch(/guessing|NaN/);
  expect(advise({ ...short, steps, state: "failed" })[0]?.text).toContain("guessing gives a loss of");
});

const idsWith = (run: RunRecord, recipe: Partial<Recipe>) =>
  advise({ ...run, recipe: { ...run.recipe, ...recipe } }).map(({ id }) => id);

it("says that rows are cut only where their end is cut off", () => {
  const run = recordedRun("cut-rows");
  expect(idsWith(run, {})).toContain("max-length");
  for (const longTexts of ["windows", "head-and-tail"] as const) {
    expect(idsWith(run, { longTexts })).not.toContain("max-length");
  }
  expect(idsWith(run, { task: "token-classification" })).not.toContain("max-length");
  const { others } = recordedRun("healthy-entities");
  expect(advise({ ...withoutClasses(run), others }).map(({ id }) => id)).not.toContain("max-length");
});

describe("a rule for another task", () => {
  const others = ["labels-never-predicted", "numbers-near-the-mean", "entities-all-outside"];

  it.each(others)("waits for the end of the run %s, and is silent where it failed", (name) => {
    const run = recordedRun(name);
    expect(advise({ ...run, state: "running" })).toEqual([]);
    expect(advise({ ...run, state: "failed" })).toEqual([]);
    expect(advise({ ...run, state: "stopped" })).toHaveLength(1);
  });

  it("offers no remedy that the recipe has already, and no finding that it has answered", () => {
    expect(idsWith(recordedRun("labels-too-seldom"), { thresholds: "bestF1" })).toEqual([]);
    expect(idsWith(recordedRun("numbers-with-outliers"), { huber: 1 })).toEqual([]);
    const run = recordedRun("labels-never-predicted");
    const [finding] = advise({ ...run, recipe: { ...run.recipe, thresholds: "bestF1", classWeights: "balanced" } });
    expect(finding?.remedies.flatMap(({ change }) => Object.keys(change?.patch ?? {}))).toEqual(["epochs"]);
  });

  it("names labels and types, and counts the others with the same fault", () => {
    const run = recordedRun("labels-rare");
    const none = run.others.labels.map((one) => ({
      ...one,
      report: {
        ...one.report,
        classes: one.report.classes.map((scores) => {
          const { matrix, support } = scores;
          const [without, falsely] = matrix;
          return { ...scores, support: support + 20, matrix: [without + falsely, 0, support + 20, 0] as const };
        }),
      },
    }));
    const [finding] = advise({ ...run, others: { ...run.others, labels: none } });
    expect(finding).toMatchObject({ title: "No label is predicted", certainty: "clear" });
    expect(finding?.text).toContain("The same is true of 3 more labels.");
  });
});
