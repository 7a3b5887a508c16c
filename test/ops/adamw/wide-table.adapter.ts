import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { create, globals } from "webgpu";
import { startBackend } from "../../../src/gpu/backend.ts";
import { readTensors } from "../../../src/gpu/read-back.ts";
import { runningDevice } from "../../../src/gpu/running.ts";
import { adamw } from "../../../src/ops/adamw/adamw.ts";
import { makeMoments, type Moments } from "../../../src/ops/adamw/moments.ts";
import { gradientNorm } from "../../../src/ops/gradient-norm/gradient-norm.ts";
import { randomValues } from "../numbers.ts";

/** A table of more numbers than 65,535 workgroups of 64 have, as those of words are, between small parameters. */
const SIZES = [7, 64, 65_535 * 64 + 1234, 1, 300];
const [RATE, DECAY, BETA1, BETA2, EPSILON] = [0.01, 0.1, 0.9, 0.999, 1e-8];

beforeAll(async () => {
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]), userAgent: "node" }, configurable: true });
  const { backend, adapter } = await startBackend("webgpu", { wasmPaths: "", wasmThreads: 1 });
  expect(backend).toBe("webgpu");
  console.error(adapter);
});

/** Tensors side by side, and what is in them. */
function filled(seed: number) {
  const values = SIZES.map((size, i) => randomValues([size], seed + i).values.slice());
  const tensors = runningDevice().together(SIZES.map((size) => [size]));
  tensors.forEach((tensor, i) => runningDevice().write(tensor, values[i] ?? new Float32Array(0)));
  return { values, tensors };
}

it("the norm of a wide table and its neighbours is that of all of their numbers", async () => {
  const { values, tensors } = filled(1);
  const norm = Math.sqrt(values.reduce((sum, some) => some.reduce((a, g) => a + g * g, sum), 0));
  const { clip, readback } = gradientNorm(tensors, norm / 3);
  const [found] = await readTensors([readback]);
  expect((found?.[0] ?? NaN) / norm).toBeCloseTo(1, 5);
  expect(found?.[1]).toBeCloseTo(1 / 3, 5);
  expect(found?.[2]).toBe(0);
  for (const held of [clip, readback, ...tensors]) held.dispose();
});

it("AdamW's first update reaches each number of a wide table and its neighbours", async () => {
  const [weights, gradients] = [filled(11), filled(21)];
  const moments = makeMoments(SIZES);
  const rates = { learningRate: RATE, weightDecay: DECAY, updates: 1 };
  const parts = weights.tensors.map((weight, i) => ({
    weight,
    gradient: gradients.tensors[i] as Tensor,
    moments: moments[i] as Moments,
    rates,
  }));
  adamw(parts, tensor1d([1, 0.5, 0, 0]), { beta1: BETA1, beta2: BETA2, epsilon: EPSILON });
  const read = await readTensors(weights.tensors);
  for (const [i, found] of read.entries()) {
    let worst = 0;
    weights.values[i]?.forEach((before, at) => {
      const gradient = 0.5 * (gradients.values[i]?.[at] ?? NaN);
      const expected = before - RATE * (DECAY * before + gradient / (Math.abs(gradient) + EPSILON));
      worst = Math.max(worst, Math.abs((found[at] ?? NaN) - expected));
    });
    expect(worst, `parameter ${i}`).toBeLessThan(1e-5);
  }
});
