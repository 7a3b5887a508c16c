import { describe, expect, it } from "vitest";
import { isRelevant, silencedBy } from "../../src/recipe/relevance.ts";
import { explanations, type RecipeField } from "../../src/recipe/explanations.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";

describe("relevance", () => {
  it.each<[Parameters<typeof isRelevant>[0], Partial<Recipe>]>([
    ["loraAlpha", { loraRank: 8 }],
    ["scheduleCycles", { schedule: "cosine-restarts" }],
    ["schedulePower", { schedule: "polynomial" }],
    ["plateauFactor", { schedule: "plateau" }],
    ["maxGradientValue", { clipping: "value" }],
    ["leastGain", { earlyStopping: 2 }],
    ["averageCount", { average: "last" }],
  ])("of %s comes with another field", (field, changes) => {
    expect(isRelevant(field, defaultRecipe)).toBe(false);
    expect(isRelevant(field, { ...defaultRecipe, ...changes })).toBe(true);
  });

  it("is given for the rest, and goes where another field takes over", () => {
    expect(isRelevant("learningRate", defaultRecipe)).toBe(true);
    expect(isRelevant("warmupShare", { ...defaultRecipe, warmupSteps: 10 })).toBe(false);
    expect(isRelevant("warmupSteps", { ...defaultRecipe, schedule: "constant" })).toBe(false);
    expect(isRelevant("maxGradientNorm", { ...defaultRecipe, clipping: "value" })).toBe(false);
  });

  it("names the field that leaves another one nothing to do, and that is shown itself", () => {
    expect(silencedBy("loraAlpha", defaultRecipe)).toBe("loraRank");
    expect(silencedBy("warmupShare", { ...defaultRecipe, warmupSteps: 10 })).toBe("warmupSteps");
    expect(silencedBy("warmupShare", { ...defaultRecipe, warmupSteps: 10, schedule: "constant" })).toBe("schedule");
    const recipe: Recipe = { ...defaultRecipe, schedule: "constant", clipping: "value" };
    const silencers = (Object.keys(explanations) as RecipeField[]).flatMap((field) => silencedBy(field, recipe) ?? []);
    expect(silencers.length).toBeGreaterThan(5);
    expect(silencers.filter((field) => !isRelevant(field, recipe))).toEqual([]);
  });
});
