import { describe, expect, it } from "vitest";
import { miniLm, parameterShapes, randomRows, randomWeights } from "../../bench/inputs/model-shape.ts";
import { PADDED_LENGTH, SST2_LENGTHS } from "../../bench/inputs/sst2.ts";

describe("the measured shape", () => {
  it("has the 105 parameters of all-MiniLM-L6-v2 with a classifier of two classes", () => {
    const shapes = [...parameterShapes(miniLm).values()];
    const size = (shape: number[]) => shape.reduce((product, n) => product * n, 1);
    expect(shapes).toHaveLength(105);
    // 22,713,216 in the pretrained model, and 2 · 384 + 2 in the classifier.
    expect(shapes.reduce((sum, shape) => sum + size(shape), 0)).toBe(22_713_216 + 770);
  });

  it("gives the same weights and rows for the same seed, others for another", () => {
    const small = { ...miniLm, layers: 1, hidden: 8, heads: 2, intermediate: 8, vocabulary: 50, positions: 8 };
    const word = (seed: number) => randomWeights(small, seed).get("bert.embeddings.word_embeddings.weight")?.values;
    expect(word(1)).toEqual(word(1));
    expect(word(1)).not.toEqual(word(2));
    expect(randomRows([3, 5], small, 1)).toEqual(randomRows([3, 5], small, 1));
    expect(randomRows([3, 5], small, 1).ids).not.toEqual(randomRows([3, 5], small, 2).ids);
  });

  it("draws weights with BERT's spread, and neutral norms and biases", () => {
    const small = { ...miniLm, layers: 1, hidden: 64, heads: 2, intermediate: 8, vocabulary: 500, positions: 8 };
    const weights = randomWeights(small, 3);
    const words = weights.get("bert.embeddings.word_embeddings.weight")?.values ?? new Float32Array(1);
    const squares = words.reduce((sum, value) => sum + value * value, 0);
    expect(Math.sqrt(squares / words.length)).toBeCloseTo(0.02, 3);
    expect(new Set(weights.get("bert.embeddings.LayerNorm.weight")?.values)).toEqual(new Set([1]));
    expect(new Set(weights.get("classifier.bias")?.values)).toEqual(new Set([0]));
  });

  it("measures padding on rows that fit", () => {
    expect(SST2_LENGTHS).toHaveLength(16);
    expect(Math.max(...SST2_LENGTHS)).toBeLessThanOrEqual(PADDED_LENGTH);
    expect(randomRows(SST2_LENGTHS, miniLm, 1).ids.map((row) => row.length)).toEqual(SST2_LENGTHS);
  });
});
