import { describe, expect, it } from "vitest";
import { classWeightsOf } from "../../../src/tasks/single-label/class-weights.ts";
import { thrownBy } from "../../io/thrown-by.ts";

const labels = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 2, 2);
const weightsOf = (weights: Parameters<typeof classWeightsOf>[0], names = ["ham", "spam", "other"]) => [
  ...classWeightsOf(weights, names, labels),
];

describe("classWeightsOf", () => {
  it.each(["constructor", "__proto__", "toString"])("reaches a label called “%s”, and only it", (label) => {
    const weights = JSON.parse(`{${JSON.stringify(label)}: 3}`) as Record<string, number>;
    expect(weightsOf(weights, ["ham", label])).toEqual([1, 3]);
    expect(weightsOf(weights, [label, "ham"])).toEqual([3, 1]);
    expect(weightsOf({ ham: 2 }, ["ham", label])).toEqual([2, 1]);
  });

  it("weighs classes as scikit-learn's balanced does", () => {
    // sklearn.utils.class_weight.compute_class_weight("balanced", …): n / (classes * count)
    expect(weightsOf("balanced")).toEqual([10 / 15, 10 / 9, 10 / 6].map(Math.fround));
  });

  it("weighs by name, with 1 for those not named", () => {
    expect(weightsOf({ spam: 4 })).toEqual([1, 4, 1]);
    expect(weightsOf(null)).toEqual([1, 1, 1]);
  });

  it("refuses a weight for no class of the data", async () => {
    const run = Promise.resolve().then(() => weightsOf({ eggs: 2 }));
    const { found, expected } = await thrownBy(run);
    expect(found).toContain("eggs");
    expect(expected).toContain("ham, spam, other");
  });
});
