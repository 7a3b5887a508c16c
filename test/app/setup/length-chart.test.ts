import { describe, expect, it } from "vitest";
import type { Recipe } from "../../../src/recipe/recipe.ts";
import { cutShare, verdictOf } from "../../../src/app/setup/LengthChart.tsx";

describe("cutShare", () => {
  const lengths = {
    unit: "tokens",
    binWidth: 1,
    counts: [1, 2, 1],
    longest: 3,
    mean: 2,
    longerThan: [4, 3, 1, 0],
  } as const;

  it("is the share of the rows that are longer", () => {
    const histogram = { ...lengths, counts: [...lengths.counts], longerThan: [...lengths.longerThan] };
    expect([0, 1, 2, 3, 99].map((length) => cutShare(histogram, length))).toEqual([1, 0.75, 0.25, 0, 0]);
  });

  it("is said as what happens to these rows", () => {
    const histogram = { ...lengths, counts: [...lengths.counts], longerThan: [...lengths.longerThan] };
    const said = (longTexts: Recipe["longTexts"]) =>
      verdictOf(histogram, { maxLength: 2, longTexts, windowOverlap: 0 }).replaceAll("\u202f", " ");
    expect(said("cut")).toBe("Max length 2 cuts 25 % of the rows.");
    expect(said("head-and-tail")).toBe("Max length 2 cuts 25 % of the rows in the middle.");
    expect(said("windows")).toBe(
      "25 % of the rows are longer than 2 tokens and are read in windows: 4 rows in about 5 windows.",
    );
  });

  it("is 0 where there are no rows", () => {
    expect(cutShare({ ...lengths, counts: [], longerThan: [0] }, 5)).toBe(0);
  });
});
