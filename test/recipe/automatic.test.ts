import { describe, expect, it } from "vitest";
import { automaticFields, withAutomatic } from "../../src/recipe/automatic.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";

const filled = (hiddenSize: number | null, trainRows: number | null, changes = {}) =>
  withAutomatic({ ...defaultRecipe, ...changes }, automaticFields, { hiddenSize, trainRows });

describe("the automatic learning rate", () => {
  it.each([
    [32, 1e-4],
    [384, 1e-4],
    [511, 1e-4],
    [512, 5e-5],
    [640, 5e-5],
    [767, 5e-5],
    [768, 3e-5],
    [1023, 3e-5],
    [1024, 2e-5],
    [2048, 2e-5],
  ])("of a hidden size of %i is %d", (hiddenSize, rate) => {
    const { recipe, reasons } = filled(hiddenSize, null);
    expect(recipe.learningRate).toBe(rate);
    expect(reasons).toEqual({ learningRate: `the model's hidden size is ${hiddenSize}` });
  });
});

describe("automatic epochs", () => {
  it.each([
    // rows, batch size, epochs: ceil(300 / steps per epoch), from 3 to 20
    [384, 16, 13],
    [400, 16, 12],
    [480, 16, 10],
    [481, 16, 10],
    [1600, 16, 3],
    [1584, 16, 4],
    [100_000, 16, 3],
    [240, 16, 20],
    [20, 16, 20],
    [1, 16, 20],
    [480, 8, 5],
    [480, 32, 20],
    [3200, 32, 3],
  ])("of %i rows in batches of %i are %i", (rows, batchSize, epochs) => {
    const { recipe, reasons } = filled(null, rows, { batchSize });
    expect(recipe.epochs).toBe(epochs);
    const perEpoch = Math.ceil(rows / batchSize);
    if (epochs < 20) expect(epochs === 3 || (epochs - 1) * perEpoch < 300).toBe(true);
    if (epochs < 20) expect(epochs * perEpoch).toBeGreaterThanOrEqual(300);
    expect(reasons.epochs).toContain(`${perEpoch} step`);
  });

  it("say which bound they are at", () => {
    expect(filled(null, 384).reasons.epochs).toContain("at least 300 steps");
    expect(filled(null, 20).reasons.epochs).toContain("end at 20");
    expect(filled(null, 9000).reasons.epochs).toContain("3 epochs are the fewest");
    expect(filled(null, 1).reasons.epochs).toContain("1 training row makes 1 step per epoch");
  });
});

describe("fields that are not automatic", () => {
  it("keep their values and have no reason", () => {
    const facts = { hiddenSize: 384, trainRows: 480 };
    const rateAlone = withAutomatic({ ...defaultRecipe, epochs: 7 }, ["learningRate"], facts);
    expect(rateAlone.recipe).toEqual({ ...defaultRecipe, learningRate: 1e-4, epochs: 7 });
    expect(Object.keys(rateAlone.reasons)).toEqual(["learningRate"]);
    const epochsAlone = withAutomatic({ ...defaultRecipe, learningRate: 3e-4 }, ["epochs"], facts);
    expect(epochsAlone.recipe).toEqual({ ...defaultRecipe, learningRate: 3e-4, epochs: 10 });
    expect(withAutomatic(defaultRecipe, [], facts)).toEqual({ recipe: defaultRecipe, reasons: {} });
  });

  it("and a recipe that needs no change is the same object", () => {
    const { recipe } = filled(384, 480);
    expect(withAutomatic(recipe, automaticFields, { hiddenSize: 384, trainRows: 480 }).recipe).toBe(recipe);
    expect(filled(null, null).recipe).toEqual(defaultRecipe);
  });
});
