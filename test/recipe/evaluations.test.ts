import { describe, expect, it } from "vitest";
import { isSampleStep, plannedEvaluations } from "../../src/recipe/evaluations.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";

/** Counts step by step, as the training loop goes. */
function walked(steps: number, stepsPerEpoch: number, perEpoch: number) {
  let sample = 0;
  let full = 0;
  for (let step = 1; step <= steps; step++) {
    const inEpoch = ((step - 1) % stepsPerEpoch) + 1;
    if (isSampleStep(inEpoch, stepsPerEpoch, perEpoch) && step < steps) sample++;
    if (inEpoch === stepsPerEpoch || step === steps) full++;
  }
  return { sample, full };
}

const planned = (steps: number, stepsPerEpoch: number, changes: Partial<Recipe>) =>
  plannedEvaluations({ steps, stepsPerEpoch }, { ...defaultRecipe, ...changes });

describe("the evaluations of a run", () => {
  it("are as many as the loop comes by, at any length and number", () => {
    for (const stepsPerEpoch of [1, 2, 3, 7, 49, 98, 279]) {
      for (const evaluationsPerEpoch of [0, 1, 2, 3, 10, 49, 1000]) {
        for (const epochs of [0.1, 0.5, 1, 1.34, 3]) {
          const steps = Math.max(1, Math.ceil(epochs * stepsPerEpoch));
          const { sample, full, total } = planned(steps, stepsPerEpoch, { evaluationsPerEpoch });
          const where = `${steps} steps of ${stepsPerEpoch} an epoch, ${evaluationsPerEpoch} evaluations`;
          expect({ sample, full }, where).toEqual(walked(steps, stepsPerEpoch, evaluationsPerEpoch));
          expect(total, where).toBe(1 + sample + full);
        }
      }
    }
  });

  it("lie within an epoch no more often than it has steps before its last", () => {
    expect(planned(9, 3, { evaluationsPerEpoch: 10 })).toMatchObject({ withinEpoch: 2, sample: 6, full: 3, total: 10 });
    expect(planned(3, 1, { evaluationsPerEpoch: 10 })).toMatchObject({ withinEpoch: 0, sample: 0, total: 4 });
    expect(planned(40, 20, { evaluationsPerEpoch: 4 })).toMatchObject({ withinEpoch: 3, sample: 6, total: 9 });
  });

  it("are one more where several checkpoints are averaged", () => {
    expect(planned(9, 3, { evaluationsPerEpoch: 0, average: "last", averageCount: 3 }).total).toBe(5);
    expect(planned(9, 3, { evaluationsPerEpoch: 0, average: "best", averageCount: 2 }).total).toBe(5);
    expect(planned(3, 3, { evaluationsPerEpoch: 0, average: "best", averageCount: 2 }).total).toBe(2);
  });
});
