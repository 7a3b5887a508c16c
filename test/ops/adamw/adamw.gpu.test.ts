import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { adamw, type AdamWOptions } from "../../../src/ops/adamw/adamw.ts";
import { gradientNorm } from "../../../src/ops/gradient-norm/gradient-norm.ts";
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectAgreement, expectNear, expectSameBits, randomValues, toTensor, type Values } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const options: Omit<AdamWOptions, "updates"> = {
  learningRate: 0.01,
  weightDecay: 0.1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};

/** `steps` updates with a new gradient each, all by the same clipping factor. */
function updates(weight: Values, steps: number, factor: number): Record<string, Tensor> {
  const size = weight.values.length;
  const [first, second] = [tensor1d(new Float32Array(size)), tensor1d(new Float32Array(size))];
  const clip = tensor1d([1, factor, 0]);
  let value = toTensor(weight);
  for (let step = 1; step <= steps; step++) {
    const gradient = toTensor(randomValues([size], 100 + step));
    value = adamw(value, gradient, { first, second }, clip, { ...options, updates: step });
  }
  return { value, first, second };
}

/** torch.optim.AdamW's documented algorithm in float64. */
function expectedUpdates(weight: Values, steps: number, factor: number): Float32Array {
  const { learningRate, weightDecay, beta1, beta2, epsilon } = options;
  return weight.values.map((start, i) => {
    let [w, m, v] = [start, 0, 0];
    for (let step = 1; step <= steps; step++) {
      const g = (randomValues([weight.values.length], 100 + step).values[i] ?? NaN) * factor;
      w -= learningRate * weightDecay * w;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      w -= (learningRate * (m / (1 - beta1 ** step))) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon);
    }
    return w;
  });
}

describe("AdamW", () => {
  it.each([1, 3, 4, 65, 68, 260])("is torch's, on every backend: %i numbers", async (size) => {
    const weight = randomValues([size], 1);
    const all = await computeOnAll(() => updates(weight, 5, 0.5));
    expectAgreement(all);
    for (const backend of BACKENDS) {
      expectNear(all[backend].value, expectedUpdates(weight, 5, 0.5), 1e-5, backend);
    }
  });

  it.each([NaN, Infinity])("changes nothing in a step whose gradients hold %d", async (value) => {
    for (const size of [5, 64]) {
      const [weight, moment1, moment2] = [randomValues([size], 1), randomValues([size], 2), randomValues([size], 3)];
      const gradient = randomValues([size], 4);
      gradient.values[3] = value;
      const all = await computeOnAll(() => {
        const moments = { first: toTensor(moment1), second: toTensor(moment2) };
        const own = toTensor(gradient);
        const updated = adamw(toTensor(weight), own, moments, gradientNorm([own], 1), { ...options, updates: 3 });
        return { updated, ...moments };
      });
      const before = { updated: weight.values, first: moment1.values, second: moment2.values };
      for (const backend of BACKENDS) expectSameBits(all[backend], before);
    }
  });

  it("lets the weight that it was given be disposed", async () => {
    const weight = randomValues([8], 1);
    const { value } = await computeOn("webgpu", () => {
      const old = toTensor(weight);
      const moments = { first: tensor1d(new Float32Array(8)), second: tensor1d(new Float32Array(8)) };
      const updated = adamw(old, toTensor(randomValues([8], 101)), moments, tensor1d([1, 1, 0]), {
        ...options,
        updates: 1,
      });
      old.dispose();
      return { value: updated };
    });
    expectNear(value, expectedUpdates(weight, 1, 1), 1e-5, "value");
    expect(value?.length).toBe(8);
  });
});
