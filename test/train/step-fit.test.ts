import { beforeAll, describe, expect, it } from "vitest";
import { cutByTokens, lengthOf } from "../../src/data/batches.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "./learnable-rows.ts";
import { runOf } from "./run-of.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

describe("micro-batches by tokens", () => {
  it("have no more tokens than given, but for a row that alone has, and lose no row", () => {
    const data = learnableRows(40, 3);
    const parts = [Int32Array.from({ length: 25 }, (_, i) => 39 - i), Int32Array.from({ length: 15 }, (_, i) => i)];
    const cut = cutByTokens(data, parts, 10);
    expect(cut.flatMap((rows) => [...rows])).toEqual(parts.flatMap((rows) => [...rows]));
    expect(cut.length).toBeGreaterThan(10);
    for (const rows of cut) {
      const tokens = rows.reduce((sum, row) => sum + lengthOf(data, row), 0);
      if (rows.length > 1) expect(tokens).toBeLessThanOrEqual(10);
    }
    expect(cutByTokens(data, parts, Infinity)).toEqual(parts);
  });

  it.each([
    ["plain", {}],
    ["with class weights and smoothed labels", { classWeights: { a: 0.5, b: 2 }, labelSmoothing: 0.1 }],
    ["beside the recipe's own", { accumulate: 2 }],
  ])("give the losses and norms of whole steps: %s", async (_, changes) => {
    const recipe = { ...changes, hiddenDropout: 0, attentionDropout: 0, classifierDropout: 0, learningRate: 1e-5 };
    const whole = await runOf(recipe);
    const cut = await runOf(recipe, undefined, { fit: { checkpointing: true, mostTokens: 17 } });
    const [wholeSteps, cutSteps] = [whole.of("step"), cut.of("step")];
    expect(wholeSteps).toHaveLength(14);
    for (const [i, { loss, gradientNorm, rows, tokens }] of wholeSteps.entries()) {
      const step = cutSteps[i];
      expect(Math.abs((step?.loss ?? NaN) - loss)).toBeLessThan(1e-6);
      expect(Math.abs((step?.gradientNorm ?? NaN) / gradientNorm - 1)).toBeLessThan(1e-5);
      expect([step?.rows, step?.tokens]).toEqual([rows, tokens]);
    }
    expect(cut.model.checkpointing).toBe(true);
    expect(whole.model.checkpointing).toBe(false);
  });
});
