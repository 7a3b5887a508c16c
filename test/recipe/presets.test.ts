import { describe, expect, it } from "vitest";
import { presetOf, presets, withPreset } from "../../src/recipe/presets.ts";
import { recipeFrom } from "../../src/recipe/recipe-file.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";

describe("presets", () => {
  it.each(presets)("hold to the schema and are known again: $name", (preset) => {
    const recipe = withPreset(defaultRecipe, preset);
    expect(recipeFrom(recipe)).toEqual(recipe);
    const other = { ...recipe, loraTargets: ["output" as const] };
    for (const same of [recipe, other, { ...recipe, automatic: [] }]) expect(presetOf(same)?.name).toBe(preset.name);
    expect(presetOf({ ...other, automatic: [] })).toBeNull();
    expect(preset.what).toMatch(/^[A-Z].*\.$/);
  });

  it("differ from each other", () => {
    const recipes = presets.map((preset) => JSON.stringify(withPreset(defaultRecipe, preset)));
    expect(new Set(recipes).size).toBe(presets.length);
  });

  it("leave be what belongs to the data, and undo what another preset changed", () => {
    const [plain, , , gentle] = presets;
    if (!plain || !gentle) throw new Error("There are fewer presets than thought.");
    const mine = { ...defaultRecipe, seed: 7, maxLength: 64, classWeights: "balanced" as const };
    expect(withPreset(mine, gentle)).toMatchObject({
      seed: 7,
      maxLength: 64,
      classWeights: "balanced",
      layerDecay: 0.8,
    });
    expect(withPreset(withPreset(mine, gentle), plain)).toEqual({ ...mine, automatic: ["loraTargets"] });
    expect(presetOf({ ...mine, learningRate: 7e-5 })).toBeNull();
  });
});
