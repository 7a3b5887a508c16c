import { describe, expect, it } from "vitest";
import { previewLines } from "../../../src/app/run/plan-preview.ts";
import type { DataSummary } from "../../../src/data/summary.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";

const data: DataSummary = {
  labelNames: ["ham", "spam"],
  trainCounts: [3860, 598],
  validationCounts: [965, 149],
  trainRows: 4458,
  validationRows: 1114,
  droppedRows: 0,
  lengths: { unit: "words", binWidth: 1, counts: [], longest: 0, mean: 0, longerThan: [] },
  findings: [],
};

describe("previewLines", () => {
  it("says rows, steps, batch and evaluations", () => {
    expect(previewLines(defaultRecipe, data, null)).toEqual([
      { name: "Rows", value: "4,458 to train, 1,114 to validate" },
      { name: "Steps", value: "837: 3 epochs of 279" },
      { name: "Batch", value: "16 rows a step, no padding" },
      { name: "Evaluations", value: "after each epoch on all 1,114 rows, and 10 an epoch on 256 rows" },
    ]);
  });

  it("follows the recipe: part of an epoch, accumulation, no sample", () => {
    const recipe = { ...defaultRecipe, epochs: 0.5, accumulate: 2, evaluationsPerEpoch: 0 };
    expect(previewLines(recipe, data, null).map(({ value }) => value)).toEqual([
      "4,458 to train, 1,114 to validate",
      "140: 0.5 epochs of 279",
      "16 rows a step, in 2 parts, no padding",
      "after each epoch on all 1,114 rows",
    ]);
  });

  it("says of pretraining how many steps it takes", () => {
    const recipe = { ...defaultRecipe, pretrainEpochs: 2 };
    expect(previewLines(recipe, data, null)[0]).toEqual({
      name: "Pretraining",
      value: "558 steps on the texts alone, before all else",
    });
  });

  it("counts the lines of a text file where there is one to pretrain on", () => {
    const file = { name: "own.txt", bytes: 9, encoding: "utf-8" as const, lines: 1610, words: 9, preview: [] };
    const value = (pretrainEpochs: number) => previewLines({ ...defaultRecipe, pretrainEpochs }, data, null, file)[0];
    expect(value(2)?.value).toBe("202 steps on the 1,610 lines of own.txt, before all else");
    expect(value(0)?.name).toBe("Rows");
  });

  it("leaves out what is not known yet", () => {
    expect(previewLines(defaultRecipe, null, null)).toEqual([]);
  });
});
