import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparedRuns, keptAnswers, packedBits, unpackedBits } from "../../../src/app/history/answers.ts";
import { mcnemarOf } from "../../../src/metrics/mcnemar.ts";
import { keptRun } from "./memory-runs.ts";

const bits = fc.array(fc.boolean(), { minLength: 1, maxLength: 300 });

function answered(name: string, right: readonly boolean[], fingerprint = "00000000000000aa") {
  const outcomes = { kind: "right" as const, values: Float64Array.from(right, Number) };
  return keptRun({ name, answers: keptAnswers({ outcomes, fingerprint }) });
}

describe("answers to validation rows", () => {
  it("are packed in bits and come back", () => {
    fc.assert(
      fc.property(bits, (right) => {
        expect(unpackedBits(packedBits(right), right.length)).toEqual(right);
      }),
    );
    expect(packedBits([true, ...Array<boolean>(7).fill(false), false, true])).toBe("AQI=");
  });

  it("are compared by McNemar's exact test, with all four counts", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 80 }), (pairs) => {
        const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const { test } = comparedRuns(answered("A", first), answered("B", second));
        expect(test).toMatchObject({ ...mcnemarOf(first, second), rows: pairs.length });
        expect(test).toMatchObject({ both: pairs.filter(([a, b]) => a && b).length });
        expect(test).toMatchObject({ neither: pairs.filter(([a, b]) => !a && !b).length });
      }),
    );
    // scipy.stats.binomtest(1, 7).pvalue is 0.125.
    const [first, second] = [
      [1, 0, 0, 0, 0, 0, 0, 1],
      [0, 1, 1, 1, 1, 1, 1, 1],
    ].map((row) => row.map(Boolean));
    const { says, test } = comparedRuns(answered("A", first ?? []), answered("B", second ?? []));
    expect(test?.p).toBeCloseTo(0.125, 12);
    expect(says).toBe(
      "8 rows. 1 row is right with “A” alone, 6 with “B” alone: it may be chance (McNemar’s exact test, p = 0.13).",
    );
  });

  it("are not compared on other rows, of other tasks, of numbers, or where they are not known", () => {
    const own = answered("A", [true, false]);
    const why = (other: Parameters<typeof comparedRuns>[1], first = own) => {
      const { says, test } = comparedRuns(first, other);
      expect(test).toBeNull();
      return says;
    };
    expect(why(answered("B", [true, false], "00000000000000bb"))).toMatch(/were not validated on the same rows/);
    expect(why(keptRun({ name: "B", task: "multi-label" }))).toMatch(/of different tasks/);
    expect(why(keptRun({ name: "B" }))).toMatch(/Of “B” it is not known which rows were right/);
    const numbers = keptRun({ task: "regression", answers: "numbers" });
    expect(why(numbers, numbers)).toMatch(/Numbers are not right or wrong/);
    expect(keptAnswers({ outcomes: { kind: "error", values: Float64Array.of(0.5) }, fingerprint: "00" })).toBe(
      "numbers",
    );
    expect(keptAnswers(null)).toBeNull();
  });
});
