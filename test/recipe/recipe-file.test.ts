import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problem } from "../../src/problem/problem.ts";
import { parseRecipe, recipeFrom, recipeText } from "../../src/recipe/recipe-file.ts";
import { fields } from "../../src/recipe/fields.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";

function problemOf(value: unknown): Problem {
  try {
    recipeFrom(value, "mine.json");
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error(`no problem with ${JSON.stringify(value)}`);
}

const valuesOf = <Value extends string>(choices: readonly { value: Value }[]) => choices.map(({ value }) => value);
const positive = fc.double({ min: 1e-12, max: 1e6, noNaN: true });
const recipes: fc.Arbitrary<Recipe> = fc
  .record(
    {
      learningRate: positive,
      epochs: fc.double({ min: 0.01, max: 1000, noNaN: true }),
      batchSize: fc.integer({ min: 1, max: 4096 }),
      maxLength: fc.integer({ min: 3, max: 8192 }),
      start: fc.constantFrom("checkpoint" as const, "random" as const),
      pooling: fc.constantFrom("pooler" as const, "mean-last-4" as const),
      frozen: fc.array(fc.string({ minLength: 1 })),
      gradualUnfreezing: fc.boolean(),
      loraTargets: fc.subarray(valuesOf(fields.loraTargets.choices), { minLength: 1 }),
      schedule: fc.constantFrom(...valuesOf(fields.schedule.choices)),
      warmupShare: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
      warmupSteps: fc.option(fc.integer({ min: 0, max: 1e6 })),
      hiddenDropout: fc.option(fc.constantFrom(0, 0.1, 0.95)),
      bestBy: fc.constantFrom(...valuesOf(fields.bestBy.choices)),
      classWeights: fc.option(
        fc.oneof(
          fc.constantFrom("balanced" as const, "effective" as const),
          fc.dictionary(
            fc.string().filter((name) => name !== "__proto__"),
            positive,
            { noNullPrototype: true },
          ),
        ),
      ),
      seed: fc.integer({ min: 0, max: 0xffffffff }),
    },
    { requiredKeys: [] },
  )
  .map((changes) => ({ ...defaultRecipe, ...changes }));

describe("recipe file", () => {
  it.each(["constructor", "__proto__", "prototype", "toString"])("keeps the class weight of a label “%s”", (label) => {
    const text = `{"classWeights": {"ham": 1, ${JSON.stringify(label)}: 2.5}}`;
    const recipe = parseRecipe(text);
    expect(Object.entries(recipe.classWeights ?? {})).toEqual([
      ["ham", 1],
      [label, 2.5],
    ]);
    expect(parseRecipe(recipeText(recipe))).toEqual(recipe);
    expect(recipeText(recipe)).toContain(`${JSON.stringify(label)}: 2.5`);
    const bad = `{"classWeights": {${JSON.stringify(label)}: -1}}`;
    expect(() => parseRecipe(bad)).toThrow();
  });

  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        expect(parseRecipe(recipeText(recipe))).toEqual(recipe);
      }),
    );
  });

  it("fills in the defaults of fields that are left out", () => {
    expect(parseRecipe(`{ "learningRate": 1e-4 }`)).toEqual({ ...defaultRecipe, learningRate: 1e-4 });
    expect(parseRecipe("{}")).toEqual(defaultRecipe);
  });

  it("reads a recipe of version 1, whose one dropout became three", () => {
    const { hiddenDropout, attentionDropout, classifierDropout, ...others } = defaultRecipe;
    expect([hiddenDropout, attentionDropout, classifierDropout]).toEqual([null, null, null]);
    const rates = { hiddenDropout: 0.3, attentionDropout: 0.3, classifierDropout: 0.3 };
    expect(recipeFrom({ version: 1, learningRate: 1e-3, dropout: 0.3 })).toEqual({
      ...others,
      ...rates,
      learningRate: 1e-3,
    });
    expect(recipeFrom({ dropout: 0.3 })).toEqual({ ...others, ...rates });
    expect(recipeFrom({ version: 1, dropout: null })).toEqual(defaultRecipe);
    expect(problemOf({ version: 2, dropout: 0.3 }).found).toContain("“dropout” is not a field");
  });

  it.each([{ version: 1 }, { version: 2 }, {}])("reads a field by the name that it had in %j", (version) => {
    expect(recipeFrom({ ...version, rowsPerStep: 8 })).toEqual({ ...defaultRecipe, batchSize: 8 });
    expect(recipeFrom({ ...version, batchSize: 8 })).toEqual({ ...defaultRecipe, batchSize: 8 });
    expect(problemOf({ ...version, rowsPerStep: 0 }).found).toContain(
      "“batchSize” is 0, expected a whole number of rows",
    );
    expect(problemOf({ ...version, rowsPerStep: 8, batchSize: 9 }).found).toContain("“rowsPerStep” is not a field");
  });

  it("reads a recipe as version 2 wrote it, all of its fields", () => {
    const text = readFileSync(new URL("version-2.json", import.meta.url), "utf8");
    expect(text).toContain(`"version": 2`);
    expect(parseRecipe(text)).toEqual({ ...defaultRecipe, batchSize: 24, learningRate: 5e-5, loraTargets: ["query"] });
  });

  it("refuses a newer version and says what to do", () => {
    const problem = problemOf({ ...defaultRecipe, version: 4 });
    expect(problem.found).toBe("mine.json has version 4.");
    expect(problem.expected).toContain("up to version 3");
    expect(problem.remedy).toContain("Update Tabtune");
    expect(problemOf({ version: "1" }).remedy).toContain(`Set "version" to 3`);
  });

  it.each([
    [{ learningRate: 0 }, "“learningRate” is 0, expected a number above 0, for example 2e-5"],
    [{ epochs: 1001 }, "“epochs” is 1001, expected a number above 0 and up to 1,000"],
    [{ batchSize: 1.5 }, "“batchSize” is 1.5, expected a whole number"],
    [{ schedule: "step" }, '“schedule” is "step", expected one of "linear", "cosine",'],
    [{ classWeights: { ham: 0 } }, "“classWeights.ham” is 0, expected more than 0"],
    [{ classWeights: "heavy" }, '“classWeights” is "heavy", expected null, "balanced", "effective", or an object'],
    [{ learnRate: 1 }, "“learnRate” is not a field of a recipe"],
    [{ frozen: ["embeddings.", ""] }, "“frozen.1”"],
    [{ seed: null }, "“seed” is null"],
  ])("names the field that does not hold: %j", (change, text) => {
    expect(problemOf({ ...defaultRecipe, ...change }).found).toContain(text);
  });

  it("counts the further fields and lists all of them in the details", () => {
    const problem = problemOf({ learningRate: -1, epochs: 0, beta1: 1 });
    expect(problem.expected).toContain("2 more");
    expect(problem.details.split("\n")).toHaveLength(3);
  });

  it("refuses what is no JSON object", () => {
    expect(() => parseRecipe("learningRate: 1")).toThrow("is not JSON");
    expect(problemOf([]).found).toContain("a list");
    expect(problemOf(null).found).toContain("null");
    expect(problemOf(3).found).toContain("a number");
  });
});
