import { describe, expect, it } from "vitest";
import { dropRows } from "../../../src/data/cleaning/drop-rows.ts";
import { cleaningSteps, type CleaningSteps } from "../../../src/recipe/cleaning-steps.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { rowsOf } from "../rows-of.ts";

const off = cleaningSteps(defaultRecipe);
const long = "a rather long text that is nearly the same in several rows of a table";
const kept = (rows: ReturnType<typeof rowsOf>, steps: Partial<CleaningSteps>) => [
  ...dropRows(rows, { ...off, ...steps }).kept,
];

describe("steps that leave rows out", () => {
  it("leave all rows where none is on", () => {
    expect(
      kept(
        rowsOf([
          ["a", 0],
          ["a", 0],
          ["a", 1],
          ["...", 0],
        ]),
        {},
      ),
    ).toEqual([0, 1, 2, 3]);
  });

  it("leave out rows without a word, and keep emoji and other scripts", () => {
    const texts = ["...", "a", "😀", "— !", "你", "5", "€", "\u200b?"];
    const rows = rowsOf(texts.map((text) => [text, 0] as const));
    expect(kept(rows, { dropWordless: true })).toEqual([1, 2, 4, 5, 6]);
    expect(kept({ ...rows, texts: texts.map(() => "a"), pairs: texts }, { dropWordless: true })).toEqual([
      1, 2, 4, 5, 6,
    ]);
  });

  it("leave out repeated rows of one label, and keep the first", () => {
    const rows = rowsOf([
      ["a", 0],
      ["b", 0],
      ["a", 0],
      ["a", 1],
      ["A", 0],
      ["a", 1],
    ]);
    expect(kept(rows, { dropDuplicates: true })).toEqual([0, 1, 3, 4]);
  });

  it("leave out near duplicates of one label, exact ones among them", () => {
    const rows = rowsOf([
      [long, 0],
      [`${long}!`, 0],
      [long.toUpperCase(), 1],
      [long, 0],
      ["another text", 0],
    ]);
    expect(kept(rows, { dropNearDuplicates: true })).toEqual([0, 2, 4]);
  });

  it("leave out all rows of a text with two labels, or keep its most frequent one", () => {
    const rows = rowsOf([
      ["a", 0],
      ["a", 1],
      ["a", 0],
      ["b", 0],
      ["b", 1],
      ["c", 1],
      ["c", 1],
    ]);
    expect(kept(rows, { contradictions: "drop" })).toEqual([5, 6]);
    expect(kept(rows, { contradictions: "majority" })).toEqual([0, 2, 5, 6]);
  });

  it("compare sets of labels, and tags of words wherever these stand", () => {
    const rows = {
      ...rowsOf([
        ["a", 0],
        ["a", 0],
        ["a", 0],
      ]),
      labelWidth: 2,
      labels: Float32Array.of(1, 0, 1, 0, 1, 1),
    };
    expect(kept(rows, { dropDuplicates: true })).toEqual([0, 2]);
    const tagged = {
      ...rowsOf([
        [long, 0],
        [`${long}!`, 0],
        [`${long}?`, 0],
      ]),
      labels: Int32Array.of(0, 1, 0, 2, 8, 1, 0, 1, 0, 3, 9, 1, 0, 1, 0, 2, 8, 0),
      labelStart: Int32Array.of(0, 6, 12, 18),
    };
    expect(kept(tagged, { dropNearDuplicates: true })).toEqual([0, 2]);
  });

  it("see what the steps before left, and say which row is repeated", () => {
    const rows = rowsOf([
      ["a", 0],
      ["a", 1],
      ["b", 0],
      ["b", 0],
    ]);
    const { dropped } = dropRows(rows, { ...off, contradictions: "drop" }, { tries: true });
    expect(dropped.map(({ field, isOn, rows: own }) => [field, isOn, own])).toEqual([
      ["dropWordless", false, []],
      [
        "contradictions",
        true,
        [
          { row: 0, beside: 1 },
          { row: 1, beside: 0 },
        ],
      ],
      ["dropDuplicates", false, [{ row: 3, beside: 2 }]],
      ["dropNearDuplicates", false, [{ row: 3, beside: 2 }]],
    ]);
  });
});
