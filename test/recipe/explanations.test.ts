import { describe, expect, it } from "vitest";
import { explanations } from "../../src/recipe/explanations.ts";
import { fieldGroups } from "../../src/recipe/field-groups.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";

describe("explanations", () => {
  const fields = Object.keys(defaultRecipe)
    .filter((field) => field !== "version")
    .sort();

  it("explain every field of a recipe, and nothing else", () => {
    expect(Object.keys(explanations).sort()).toEqual(fields);
  });

  it("show every field once", () => {
    expect(fieldGroups.flatMap((group) => group.fields).sort()).toEqual(fields);
  });

  it("are sentences", () => {
    for (const { what, usual } of Object.values(explanations)) {
      expect(what).toMatch(/^[A-Z].*\.$/);
      expect(usual).toMatch(/\.$/);
    }
  });
});
