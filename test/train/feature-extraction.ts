import { expect } from "vitest";
import type { Classifier } from "../../src/model/classifier.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { trained, rows, weightsOf } from "./features-run.ts";

const frozen = ["embeddings.", "encoder."];
const farthest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));

/**
 * Expects that a run whose encoder is frozen has the losses, scores and head of one that goes through the encoder at
 * every step, that the encoder runs once for each row, and that its weights keep their bits.
 */
export async function expectFeatureExtraction(load: () => Promise<Classifier>, recipe: Recipe): Promise<void> {
  const model = await load();
  const start = await weightsOf(model);
  const cached = await trained(model, { ...recipe, frozen });
  const plain = await trained(await load(), { ...recipe, frozen }, { hides: true });

  const total = rows.train.labels.length + rows.validation.labels.length;
  expect(cached.extracted).toBe(total);
  expect(cached.withoutFeatures).toBe(0);
  expect([plain.extracted, plain.withFeatures]).toEqual([0, 0]);
  expect(cached.withFeatures).toBe(plain.withoutFeatures);

  expect(cached.losses).toHaveLength(10);
  expect(farthest(cached.losses, plain.losses)).toBeLessThan(1e-5);
  expect(cached.logLosses).toHaveLength(plain.logLosses.length);
  expect(farthest(cached.logLosses, plain.logLosses)).toBeLessThan(1e-5);
  for (const [name, before] of start) {
    const [own, other] = [[...(cached.weights.get(name) ?? [])], [...(plain.weights.get(name) ?? [])]];
    if (/embeddings|encoder/.test(name)) {
      expect(own, name).toEqual([...before]);
      continue;
    }
    expect(own, name).not.toEqual([...before]);
    expect(farthest(own, other), name).toBeLessThan(1e-5);
  }
}
