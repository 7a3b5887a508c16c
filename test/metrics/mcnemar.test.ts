import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../src/cli/parity/reference-file.ts";
import { mcnemar, mcnemarOf } from "../../src/metrics/mcnemar.ts";

const file = fileURLToPath(new URL("../reference/tasks/calibration.json", import.meta.url));
const { mcnemar: cases } = (await referenceJson(file)) as {
  mcnemar: { only_first_right: number; only_second_right: number; p_value: number }[];
};

describe("McNemar's exact test", () => {
  it("has cases to compare with", () => expect(cases.length).toBeGreaterThanOrEqual(10));

  it.each(cases)("equals scipy's for $only_first_right and $only_second_right rows", (c) => {
    const { p } = mcnemar(c.only_first_right, c.only_second_right);
    expect(Math.abs(p - c.p_value)).toBeLessThan(1e-9);
    expect(mcnemar(c.only_second_right, c.only_first_right).p).toBe(p);
  });

  it("counts rows on which one model alone is right", () => {
    const [first, second] = [
      [true, true, false, false, false],
      [true, false, true, false, true],
    ];
    expect(mcnemarOf(first, second)).toEqual(mcnemar(1, 2));
    expect(() => mcnemarOf([true], [true, false])).toThrow("1 rows and 2");
  });
});
