import { describe, expect, it } from "vitest";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { classWeightsOf } from "../../src/tasks/class-weights.ts";
import { thrownBy } from "../io/thrown-by.ts";

const labels = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 2, 2);
const weightsOf = (
  classWeights: Recipe["classWeights"],
  names = ["ham", "spam", "other"],
  effectiveBeta = defaultRecipe.effectiveBeta,
) => [...classWeightsOf({ classWeights, effectiveBeta }, names, labels)];

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

  it("weighs by the effective number as Cui et al. do", () => {
    // Their class_balanced_loss.py: weights = (1 - beta) / (1 - np.power(beta, samples_per_cls));
    // weights = weights / np.sum(weights) * no_of_classes, for [5, 3, 2] and beta 0.9
    const weights = weightsOf("effective", undefined, 0.9);
    [0.6429, 0.9715, 1.3856].forEach((weight, k) => expect(weights[k]).toBeCloseTo(weight, 3));
    // Without further rows each class would count alike, and near 1 they are balanced.
    expect(weightsOf("effective", undefined, 0)).toEqual([1, 1, 1]);
    const [ham = NaN, spam, other] = weightsOf("effective", undefined, 1 - 1e-9);
    expect([(spam ?? NaN) / ham, (other ?? NaN) / ham].map((ratio) => ratio.toFixed(4))).toEqual(["1.6667", "2.5000"]);
    expect(weightsOf("effective", ["ham", "spam", "other", "absent"])[3]).toBe(1);
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
