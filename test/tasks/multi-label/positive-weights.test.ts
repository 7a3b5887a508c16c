import { describe, expect, it } from "vitest";
import { balancedPositiveWeights, effectiveNumber } from "../../../src/tasks/multi-label/positive-weights.ts";

/** Rows of labels that the first `positives[label]` rows have. */
const targetsOf = (rows: number, positives: readonly number[]) =>
  Array.from({ length: rows }, (_, row) => positives.map((count) => (row < count ? 1 : 0))).flat();

describe("balancedPositiveWeights", () => {
  it("are negatives over positives of each label", () => {
    expect([...balancedPositiveWeights(targetsOf(10, [5, 2, 8]), 3)]).toEqual([1, 4, 0.25]);
  });

  it("are ratios of effective numbers where rows count as these", () => {
    const effective = (n: number) => effectiveNumber(n, 0.5);
    expect(effective(3)).toBe(1.75);
    expect([...balancedPositiveWeights(targetsOf(4, [1, 2]), 2, effective)]).toEqual([1.75, 1]);
  });

  it("end at 20 and a twentieth, and are 1 where a label says nothing", () => {
    const weights = balancedPositiveWeights(targetsOf(200, [1, 199, 0, 200]), 4);
    expect([...weights]).toEqual([20, Math.fround(0.05), 1, 1]);
  });
});
