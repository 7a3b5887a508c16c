import { describe, expect, it } from "vitest";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { countSteps, settingsOf } from "../../src/train/settings.ts";

const rates = { hidden: 0.1, attention: 0.2, classifier: 0.3 };
const settings = (changes: Partial<Recipe>, steps = 100) => settingsOf({ ...defaultRecipe, ...changes }, steps, rates);

describe("settingsOf", () => {
  it("takes each dropout from the config where the recipe has none", () => {
    expect(settings({}).rates).toEqual(rates);
    expect(settings({ hiddenDropout: 0 }).rates).toEqual({ ...rates, hidden: 0 });
    expect(settings({ attentionDropout: 0.4 }).rates).toEqual({ ...rates, attention: 0.4 });
    expect(settings({ classifierDropout: 0.5 }).rates).toEqual({ ...rates, classifier: 0.5 });
  });

  it("rounds the steps of the warm-up up, as transformers does", () => {
    expect(settings({ warmupShare: 0.1 }, 101).warmupSteps).toBe(11);
    expect(settings({ warmupShare: 0 }).warmupSteps).toBe(0);
    expect(settings({ warmupShare: 0.1, warmupSteps: 7 }).warmupSteps).toBe(7);
    // Longer than the run: the rate never reaches its peak.
    expect(settings({ warmupSteps: 1000 }, 100).warmupSteps).toBe(1000);
  });
});

describe("countSteps", () => {
  it.each([
    [100, 16, 3, undefined, 7, 21],
    [96, 16, 3, undefined, 6, 18],
    [100, 16, 0.5, undefined, 7, 4],
    [5, 16, 1, undefined, 1, 1],
    [100, 16, 3, 10, 7, 10],
    [100, 16, 1, 10, 7, 7],
  ])("of %i rows by %i over %d epochs, at most %s", (rows, batchSize, epochs, most, stepsPerEpoch, steps) => {
    expect(countSteps({ ...defaultRecipe, batchSize, epochs }, rows, most)).toEqual({ stepsPerEpoch, steps });
  });
});
