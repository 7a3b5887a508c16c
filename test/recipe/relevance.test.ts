import { augmentation } from "../../src/recipe/fields/augmentation.ts";
import { cleaning } from "../../src/recipe/fields/cleaning.ts";
import { describe, expect, it } from "vitest";
import { tasks } from "../../src/tasks/registry.ts";
import { isRelevant, silencedBy, whenItMatters, withTask } from "../../src/recipe/relevance.ts";
import { fields, type FieldName } from "../../src/recipe/fields.ts";
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
    expect(isRelevant(field, defaultRecipe, false)).toBe(false);
    expect(isRelevant(field, { ...defaultRecipe, ...changes }, false)).toBe(true);
  });

  it("is given for the rest, and goes where another field takes over", () => {
    expect(isRelevant("learningRate", defaultRecipe, false)).toBe(true);
    expect(isRelevant("warmupShare", { ...defaultRecipe, warmupSteps: 10 }, false)).toBe(false);
    expect(isRelevant("warmupSteps", { ...defaultRecipe, schedule: "constant" }, false)).toBe(false);
    expect(isRelevant("maxGradientNorm", { ...defaultRecipe, clipping: "value" }, false)).toBe(false);
  });

  it("of how words are hidden comes with pretraining, and with plain texts as the earlier task", () => {
    for (const field of ["maskShare", "wholeWordMasking"] as const) {
      expect(silencedBy(field, defaultRecipe, false)).toBe("pretrainEpochs");
      expect(isRelevant(field, { ...defaultRecipe, pretrainEpochs: 1 }, false)).toBe(true);
      expect(isRelevant(field, defaultRecipe, true)).toBe(true);
    }
  });

  it("of fields of one task goes with the task that is chosen, or that the rows are for", () => {
    const fieldsOf = (task: Recipe["task"], found?: string) => {
      const recipe = withTask({ ...defaultRecipe, task }, found);
      const names = ["thresholds", "huber", "classWeights", "sampling", "focalGamma", "labelSmoothing"] as const;
      return names.filter((field) => isRelevant(field, recipe, false));
    };
    const ofClasses = ["classWeights", "sampling", "focalGamma", "labelSmoothing"];
    expect(fieldsOf("auto")).toEqual(ofClasses);
    expect(fieldsOf("auto", "single-label")).toEqual(ofClasses);
    expect(fieldsOf("auto", "multi-label")).toEqual(["thresholds", "classWeights"]);
    expect(fieldsOf("regression", "single-label")).toEqual(["huber"]);
    // A task that cannot be trained says nothing.
    expect(fieldsOf("auto", "spans")).toEqual(ofClasses);
    expect(whenItMatters("sampling")).toBe(
      "Matters while “Task” is “One class for each text” or “As the labels look”.",
    );
  });

  it("of how texts are read goes with tags of words, which are read in windows", () => {
    const tags = withTask(defaultRecipe, "token-classification");
    expect(
      ["longTexts", "windowOverlap", "pooling"].map((field) => isRelevant(field as FieldName, tags, false)),
    ).toEqual([false, true, false]);
    expect(silencedBy("windowOverlap", defaultRecipe, false)).toBe("longTexts");
    expect(whenItMatters("windowOverlap")).toBe(
      "Matters while “Long texts” is “Read in windows” or “Task” is “A tag for each word”.",
    );
  });

  it("of the baseline goes with tasks that have one", () => {
    for (const { name, linearLoss } of tasks) {
      const recipe = withTask(defaultRecipe, name);
      for (const field of ["baseline", "headStart"] as const) {
        expect([name, field, isRelevant(field, recipe, false)]).toEqual([name, field, linearLoss !== undefined]);
      }
    }
  });

  it("of training goes where the effort is the baseline alone", () => {
    const quick: Recipe = { ...defaultRecipe, effort: "quick" };
    const names = Object.keys(fields) as FieldName[];
    expect(names.filter((field) => isRelevant(field, quick, false))).toEqual([
      "effort",
      "maxLength",
      "longTexts",
      "task",
      "start",
      ...Object.keys(cleaning.fields),
      ...Object.keys(augmentation.fields),
      "validationShare",
      "nearTogether",
      "calibrate",
      "testShare",
      "seed",
      "memoryLimit",
      "precision",
    ]);
    for (const field of ["epochs", "loraAlpha", "timeBudget", "maskShare"] as const) {
      expect(silencedBy(field, quick, false)).toBe("effort");
    }
  });

  it("is a sentence", () => {
    expect(whenItMatters("learningRate")).toBeNull();
    expect(whenItMatters("wholeWordMasking")).toBe(
      "Matters while “Pretraining epochs” is above 0 or an earlier task of plain texts is given.",
    );
    expect(whenItMatters("warmupShare")).toMatch(/^Matters while .* and .*[^,][.]$/);
  });

  it("names the field that leaves another one nothing to do, and that is shown itself", () => {
    expect(silencedBy("loraAlpha", defaultRecipe, false)).toBe("loraRank");
    expect(silencedBy("warmupShare", { ...defaultRecipe, warmupSteps: 10 }, false)).toBe("warmupSteps");
    expect(silencedBy("warmupShare", { ...defaultRecipe, warmupSteps: 10, schedule: "constant" }, false)).toBe(
      "schedule",
    );
    const recipe: Recipe = { ...defaultRecipe, schedule: "constant", clipping: "value" };
    const silencers = (Object.keys(fields) as FieldName[]).flatMap((field) => silencedBy(field, recipe, false) ?? []);
    expect(silencers.length).toBeGreaterThan(5);
    expect(silencers.filter((field) => !isRelevant(field, recipe, false))).toEqual([]);
  });
});
