import { describe, expect, it } from "vitest";
import { placeOf, strengths, strengthText } from "../../../src/app/setup/NumberField.tsx";

describe("the places of a strength", () => {
  it("are off, then 1, 2, 5 of each power of ten from 1e2 to 1e8", () => {
    expect(strengths.slice(0, 5)).toEqual([0, 100, 200, 500, 1000]);
    expect(strengths.slice(-3)).toEqual([2e7, 5e7, 1e8]);
    expect([...strengths].sort((a, b) => a - b)).toEqual(strengths);
  });

  it("are found again from their values, and the nearest by ratio for others", () => {
    expect(strengths.map(placeOf)).toEqual(strengths.map((_, place) => place));
    expect(strengths[placeOf(3e5)]).toBe(2e5);
    expect(strengths[placeOf(3.3e5)]).toBe(5e5);
    expect([placeOf(1e-3), placeOf(1e12)]).toEqual([1, strengths.length - 1]);
  });

  it("are written as recipes write them", () => {
    expect([0, 200, 1e6].map(strengthText)).toEqual(["off", "2e2", "1e6"]);
  });
});
