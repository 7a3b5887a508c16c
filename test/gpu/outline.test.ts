import { getBackend, memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { inOutline } from "../../src/gpu/outline.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { runningDevice } from "../../src/gpu/running.ts";
import { UNIFORM_BYTES } from "../../src/gpu/submissions.ts";
import { deviceZeros, filledTensors } from "../../src/ops/device-tensor.ts";
import { linear } from "../../src/ops/linear/linear.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { memoryOf } from "../../src/run/memory.ts";
import { randomConfig } from "../model/random-model.ts";
import { useNodeBackend } from "../node-backend.ts";
import { listedCheckpoint } from "../plan/listed-checkpoint.ts";
import { learnableRows } from "../train/learnable-rows.ts";

beforeAll(() => useNodeBackend("wasm"));

const input = {
  opened: { ...listedCheckpoint(randomConfig()), tokenizer: { tokenizerJson: "", tokenizerConfigJson: "" } },
  recipe: defaultRecipe,
  labelNames: ["a", "b", "c"],
  train: learnableRows(32, 1),
  validation: learnableRows(8, 2),
};

describe("an outline", () => {
  it("makes the tensors of the webgpu kernels and none of their numbers", async () => {
    const { bytes, inUse, shape, values } = await inOutline("webgpu", async (outline) => {
      const values = () => {
        throw new Error("No values are made.");
      };
      const [made] = filledTensors([{ shape: [8, 4], values }]);
      if (!made) throw new Error("No tensor was made.");
      const [weight, bias] = [deviceZeros([12, 4]), deviceZeros([12])];
      const y = linear(made, weight, bias, 8);
      const seen = { shape: y.shape, values: await readTensor(y), inUse: outline.inUse };
      for (const held of [made, weight, bias, y]) held.dispose();
      // A buffer of that size waits.
      deviceZeros([8, 12]).dispose();
      return { ...seen, bytes: outline.bytesHeld - UNIFORM_BYTES };
    });
    expect(shape).toEqual([8, 12]);
    expect([...values].every((value) => value === 0)).toBe(true);
    expect([inUse, bytes]).toEqual([4 * (32 + 48 + 12 + 96), 4 * (64 + 48 + 12 + 96)]);
  });

  it("frees a shared buffer with the last tensor in it", async () => {
    const [full, half, afterwards, most] = await inOutline("webgpu", (outline) => {
      const [first, second] = outline.together([[100], [1000]]);
      if (!first || !second) throw new Error("Two tensors are made.");
      const before = outline.bytesHeld;
      first.dispose();
      // What another buffer takes shows whether the shared one is still there.
      outline.zeros([1024]).dispose();
      const between = outline.bytesHeld;
      second.dispose();
      outline.zeros([1128]).dispose();
      return Promise.resolve([before, between, outline.inUse, outline.bytesHeld].map((bytes) => bytes - UNIFORM_BYTES));
    });
    expect(full).toBe(4 * (128 + 1024));
    expect(half).toBe(4 * (128 + 1024 + 1024));
    expect(afterwards).toBe(-UNIFORM_BYTES);
    expect(most).toBe(half);
  });

  it("leaves the backend before as it was, and its tensors", async () => {
    const before = tensor([1, 2, 3]);
    const held = memory();
    await memoryOf(input);
    await expect(inOutline("webgpu", () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    expect([getBackend(), runningDevice().computes, runningDevice().kind]).toEqual(["wasm", true, "wasm"]);
    expect(memory()).toEqual(held);
    expect([...(await readTensor(before))]).toEqual([1, 2, 3]);
    before.dispose();
  });

  it("is not interrupted: no other task begins before it ends, and another outline waits for it", async () => {
    let began = false;
    const other = new Promise<void>((resolve) => {
      setImmediate(() => {
        began = true;
        resolve();
      });
    });
    const [first, second] = await Promise.all([memoryOf(input), memoryOf(input)]);
    expect(began).toBe(false);
    expect(second).toEqual(first);
    await other;
  });
});
