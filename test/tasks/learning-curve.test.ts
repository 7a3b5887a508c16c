import { describe, expect, it } from "vitest";
import { percent } from "../../src/recipe/wording.ts";
import { learningCurveText } from "../../src/tasks/learning-curve.ts";
import { regression } from "../../src/tasks/regression/metrics.ts";
import { singleLabel } from "../../src/tasks/single-label/metrics.ts";
import { nestedShares } from "../../src/train/probe/learning-curve.ts";

const points = (key: string, ...values: number[]) =>
  values.map((value, i) => ({ rows: 100 * (i + 1), values: { [key]: value } }));

describe("a learning curve", () => {
  it.each([
    [[0.8, 0.9, 0.95, 0.954], "gained 0.4 points in accuracy: more rows of this kind might help a little"],
    [[0.6, 0.7, 0.75, 0.8], "gained 5.0 points in accuracy: more rows of this kind would probably help"],
    [[0.6, 0.7, 0.8, 0.79], "lost 1.0 points in accuracy: more rows of this kind would help little"],
    [[0.6, 0.7, 0.8, 0.8], "changed nothing in accuracy: more rows of this kind would help little"],
  ])("is said by what the last quarter gained: %s", (values, says) => {
    expect(learningCurveText(singleLabel, points("accuracy", ...values))).toBe(
      `From 75 to ${percent(1)} of the rows the linear model ${says}.`,
    );
  });

  it("knows errors, which fall", () => {
    expect(learningCurveText(regression, points("rmse", 4, 3, 2.5, 2))).toContain(
      "gained 0.50 in root mean squared error: more rows of this kind would probably help",
    );
    expect(learningCurveText(regression, [])).toBeNull();
  });

  it("draws parts within each other, the same for a seed, and none of few rows", () => {
    const parts = nestedShares(200, 800, 3);
    expect(parts.map(({ length }) => length)).toEqual([50, 100, 150]);
    for (const [i, part] of parts.entries()) {
      const next = new Set(parts[i + 1] ?? Array.from({ length: 200 }, (_, row) => row));
      expect(Array.from(part).every((row) => next.has(row))).toBe(true);
    }
    expect(nestedShares(200, 800, 3)).toEqual(parts);
    expect(nestedShares(76, 800, 3)).toEqual([]);
    expect(nestedShares(10_000, 20_000, 3)).toEqual([]);
  });
});
