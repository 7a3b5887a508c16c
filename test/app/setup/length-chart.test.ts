import { describe, expect, it } from "vitest";
import { cutShare } from "../../../src/app/setup/LengthChart.tsx";

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

  it("is 0 where there are no rows", () => {
    expect(cutShare({ ...lengths, counts: [], longerThan: [0] }, 5)).toBe(0);
  });
});
