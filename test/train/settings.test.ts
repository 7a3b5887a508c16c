import { describe, expect, it } from "vitest";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { countSteps, settingsOf } from "../../src/train/settings.ts";
import { thrownBy } from "../io/thrown-by.ts";

const labels = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 2, 2);
const rates = { hidden: 0.1, attention: 0.2, classifier: 0.3 };
const settings = (changes: Partial<Recipe>, steps = 100) =>
  settingsOf({ ...defaultRecipe, ...changes }, steps, ["ham", "spam", "other"], labels, rates);

describe("class weights", () => {
  it.each(["constructor", "__proto__", "toString"])("reach a label called “%s”, and only it", (label) => {
    const classWeights = JSON.parse(`{${JSON.stringify(label)}: 3}`) as Record<string, number>;
    const recipe = { ...defaultRecipe, classWeights };
    const of = (names: string[]) => [
      ...settingsOf(recipe, 10, names, Int32Array.of(0, 1), { hidden: 0, attention: 0, classifier: 0 }).classWeights,
    ];
    expect(of(["ham", label])).toEqual([1, 3]);
    expect(of([label, "ham"])).toEqual([3, 1]);
    const none = { ...defaultRecipe, classWeights: { ham: 2 } };
    const rates = { hidden: 0, attention: 0, classifier: 0 };
    expect([...settingsOf(none, 10, ["ham", label], Int32Array.of(0, 1), rates).classWeights]).toEqual([2, 1]);
  });
});

describe("settingsOf", () => {
  it("weighs classes as scikit-learn's balanced does", () => {
    // sklearn.utils.class_weight.compute_class_weight("balanced", …): n / (classes * count)
    expect([...settings({ classWeights: "balanced" }).classWeights]).toEqual(
      [10 / 15, 10 / 9, 10 / 6].map(Math.fround),
    );
  });

  it("weighs by name, with 1 for those not named", () => {
    expect([...settings({ classWeights: { spam: 4 } }).classWeights]).toEqual([1, 4, 1]);
    expect([...settings({ classWeights: null }).classWeights]).toEqual([1, 1, 1]);
  });

  it("refuses a weight for no class of the data", async () => {
    const run = Promise.resolve().then(() => settings({ classWeights: { eggs: 2 } }));
    const { found, expected } = await thrownBy(run);
    expect(found).toContain("eggs");
    expect(expected).toContain("ham, spam, other");
  });

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
