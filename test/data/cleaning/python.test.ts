import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { textCleaner } from "../../../src/data/cleaning/clean-text.ts";
import { cleaningWords, pythonCleaner } from "../../../src/data/cleaning/python.ts";
import { textSteps } from "../../../src/recipe/cleaning-steps.ts";
import { parseRecipe } from "../../../src/recipe/recipe-file.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";

const schema = v.object({
  texts: v.array(v.string()),
  variants: v.array(
    v.object({ steps: v.record(v.string(), v.unknown()), python: v.array(v.string()), cleaned: v.array(v.string()) }),
  ),
});
const file = new URL("../../reference/cleaning/cases.json", import.meta.url);
const { texts, variants } = v.parse(schema, JSON.parse(readFileSync(file, "utf8")));
const stepsOf = (steps: object) => textSteps(parseRecipe(JSON.stringify({ ...defaultRecipe, ...steps }), "steps"));

describe("the Python of a model card", () => {
  it.each(variants)("cleans as Tabtune does: $steps", ({ steps, python, cleaned }) => {
    const own = stepsOf(steps);
    // Other lines than those that made the reference: run make_cleaning.py with them.
    expect(pythonCleaner(own)).toEqual(python);
    expect(texts.map(textCleaner(own) ?? ((text) => text))).toEqual(cleaned);
    expect(cleaned).not.toEqual(texts);
  });

  it("is nothing where texts stay as they are", () => {
    expect(pythonCleaner(stepsOf({}))).toEqual([]);
    expect(cleaningWords(stepsOf({}))).toBe("");
  });

  it("is said in words", () => {
    expect(cleaningWords(stepsOf({ cleanHtml: true, cleanUnicode: "NFC", cleanSpaces: true }))).toBe(
      "HTML is taken out and its entities are decoded, Unicode is brought to the form NFC and white space becomes single spaces",
    );
  });
});
