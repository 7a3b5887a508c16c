import { tensor1d, tensor2d, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_LABEL } from "../../../src/data/row-labels.ts";
import { readTensor } from "../../../src/gpu/read-back.ts";
import { defaultRecipe, type Recipe } from "../../../src/recipe/recipe.ts";
import { trainedTokenClassification } from "../../../src/tasks/token-classification/token-classification.ts";
import { useNodeBackend } from "../../node-backend.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const labelNames = ["O", "B-PER", "I-PER"];
/** Six words, and three pieces that are not looked at. */
const labels = Int32Array.of(0, NO_LABEL, 0, 1, 2, NO_LABEL, 0, NO_LABEL, 0);
const lossOf = (changes: Partial<Recipe>, task: "new" | "earlier" = "new") =>
  trainedTokenClassification.lossOf({ labels, labelNames, task }, { ...defaultRecipe, ...changes });

const first = [
  [1, 0, -1],
  [9, -9, 3],
  [0.5, 0.25, 0],
];
const second = [
  [0.5, 0.5, -1],
  [-9, 9, 0],
  [0.5, -0.25, 1],
];

/** Half of KL(p‖q) + KL(q‖p) of one row of logits. */
function divergence(one: number[], other: number[]): number {
  const softmax = (logits: number[]) => {
    const powers = logits.map(Math.exp);
    const total = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / total);
  };
  const [p, q] = [softmax(one), softmax(other)];
  return 0.5 * p.reduce((sum, pc, c) => sum + (pc - (q[c] ?? NaN)) * Math.log(pc / (q[c] ?? NaN)), 0);
}

describe("the loss of tags", () => {
  it("weighs a tag by its number of words, without pieces that have none", () => {
    const loss = lossOf({ classWeights: "balanced" });
    // Six words of three tags: 6 / (3 · 4) of O, and 6 / (3 · 1) of the others.
    expect(loss.weightOf(Int32Array.of(0))).toBeCloseTo(0.5, 6);
    expect(loss.weightOf(Int32Array.of(1, 2, NO_LABEL))).toBeCloseTo(4, 6);
    const effective = lossOf({ classWeights: "effective", effectiveBeta: 0.9 });
    expect(effective.weightOf(Int32Array.of(1))).toBeGreaterThan(effective.weightOf(Int32Array.of(0)));
    for (const one of [loss, effective]) one.dispose();
  });

  it("takes weights by the names of tags, and refuses other names", () => {
    const loss = lossOf({ classWeights: { "B-PER": 3 } });
    expect(loss.weightOf(labels)).toBeCloseTo(4 + 3 + 1, 6);
    loss.dispose();
    expect(() => lossOf({ classWeights: { PER: 3 } })).toThrow("PER");
    const earlier = lossOf({ classWeights: { PER: 3 } }, "earlier");
    expect(earlier.weightOf(labels)).toBe(6);
    earlier.dispose();
  });

  it("keeps two passes together by words alone", async () => {
    const loss = lossOf({});
    const own = Int32Array.of(1, NO_LABEL, 0);
    const targets = { labels: own, onDevice: tensor1d(own, "int32") };
    const { loss: apart, dFirst, dSecond } = loss.apart(tensor2d(first), tensor2d(second), targets, 0.5);
    const expected = [0, 2].reduce((sum, row) => sum + divergence(first[row] ?? [], second[row] ?? []), 0);
    const read = async (tensor: Tensor) => [...(await readTensor(tensor))];
    expect((await read(apart))[0]).toBeCloseTo(0.5 * expected, 5);
    expect((await read(dFirst)).slice(3, 6)).toEqual([0, 0, 0]);
    expect((await read(dSecond)).slice(3, 6)).toEqual([0, 0, 0]);
    loss.dispose();
  });
});
