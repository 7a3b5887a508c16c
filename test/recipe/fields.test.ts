import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { Field } from "../../src/recipe/field-kinds.ts";
import { fieldGroups, fieldNames, fields } from "../../src/recipe/fields.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { conditionsOf } from "../../src/recipe/relevance.ts";

describe("the table of fields", () => {
  const names = Object.keys(defaultRecipe)
    .filter((name) => name !== "version" && name !== "automatic")
    .sort();

  it("has every field of a recipe, and nothing else", () => {
    expect(Object.keys(fields).sort()).toEqual(names);
  });

  it("shows every field once", () => {
    expect(fieldGroups.flatMap((group) => group.fields).sort()).toEqual(names);
  });

  it("speaks in sentences, and calls no two fields alike", () => {
    for (const { what, usual } of Object.values(fields)) {
      expect(what).toMatch(/^[A-Z].*\.$/);
      expect(usual).toMatch(/\.$/);
    }
    expect(new Set(Object.values(fields).map(({ label }) => label)).size).toBe(fieldNames.length);
  });

  it.each(fieldNames)("%s has a default that it takes, and an example that it takes", (name) => {
    const field: Field = fields[name];
    expect(v.is(field.schema, field.default)).toBe(true);
    if (!("example" in field)) return;
    expect(field.example === null || v.is(field.schema, field.example)).toBe(true);
  });

  it("lets fields depend on others alone, by values that these take", () => {
    const conditions = fieldNames.flatMap((name) => conditionsOf(name).map((condition) => ({ name, condition })));
    expect(conditions.length).toBeGreaterThan(10);
    for (const { name, condition } of conditions) {
      expect(condition.field).not.toBe(name);
      const { schema }: Field = fields[condition.field];
      const values =
        "above" in condition
          ? [condition.above + 1]
          : "among" in condition
            ? condition.among
            : ["is" in condition ? condition.is : condition.not];
      expect({ name, known: values.every((value) => v.is(schema, value)) }).toEqual({ name, known: true });
    }
  });
});
