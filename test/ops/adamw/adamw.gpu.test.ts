import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { adamw } from "../../../src/ops/adamw/adamw.ts";
import { groupsOf, makeMoments, type Moments } from "../../../src/ops/adamw/moments.ts";
import { gradientNorm } from "../../../src/ops/gradient-norm/gradient-norm.ts";
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectAgreement, expectNear, expectSameBits, randomValues, toTensor, type Values } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Rates of the parameter `i`, each its own. */
const ratesOf = (i: number) => ({ learningRate: 0.01 / (i + 1), weightDecay: 0.1 * i });

const gradientOf = (weight: number, size: number, step: number) => randomValues([size], 1000 * weight + step);

interface State {
  held: Tensor[];
  moments: Moments[];
}

/** The `step`th step of the weights in `wanted`; `updates` says which update it is of each. */
function take({ held, moments }: State, wanted: number[], step: number, clip: Tensor, updates: (i: number) => number) {
  const parts = wanted.map((i) => {
    const weight = held[i] as Tensor;
    const gradient = toTensor(gradientOf(i, weight.size, step));
    return { i, weight, gradient, moments: moments[i] as Moments, rates: { ...ratesOf(i), updates: updates(i) } };
  });
  for (const group of groupsOf(parts)) {
    const values = adamw(group, clip, options);
    group.forEach(({ i }, place) => (held[i] = values[place] as Tensor));
  }
}

/**
 * `steps` updates with a new gradient each, all by the same clipping factor. A parameter in `late` has no gradient in
 * the first step, as one that is unfrozen later.
 */
function updates(weights: readonly Values[], steps: number, factor: number, late: readonly number[] = []): State {
  const state = { held: weights.map(toTensor), moments: makeMoments(weights.map(({ values }) => values.length)) };
  const clip = tensor1d([1, factor, 0]);
  for (let step = 1; step <= steps; step++) {
    const wanted = [...weights.keys()].filter((i) => step > 1 || !late.includes(i));
    take(state, wanted, step, clip, (i) => (late.includes(i) ? step - 1 : step));
  }
  return state;
}

/** The weights and all that holds moments, by name. */
function named({ held, moments }: State): Record<string, Tensor> {
  const results: Record<string, Tensor> = {};
  held.forEach((weight, i) => (results[`weight ${i}`] = weight));
  moments.forEach((one, i) => {
    if ("first" in one) Object.assign(results, { [`first ${i}`]: one.first, [`second ${i}`]: one.second });
    else if (one.at === 0) results[`shared from ${i} on`] = one.shared;
  });
  return results;
}

/** torch.optim.AdamW's documented algorithm in float64, of the weight `index`. */
function expectedUpdates(weight: Values, index: number, steps: number, factor: number, late = false): Float32Array {
  const { beta1, beta2, epsilon } = options;
  const { learningRate, weightDecay } = ratesOf(index);
  const gradients = Array.from({ length: steps }, (_, i) => gradientOf(index, weight.values.length, i + 1).values);
  return weight.values.map((start, i) => {
    let [w, m, v] = [start, 0, 0];
    for (const [step, gradient] of gradients.slice(late ? 1 : 0).entries()) {
      const g = (gradient[i] ?? NaN) * factor;
      w -= learningRate * weightDecay * w;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      w -= (learningRate * (m / (1 - beta1 ** (step + 1)))) / (Math.sqrt(v / (1 - beta2 ** (step + 1))) + epsilon);
    }
    return w;
  });
}

const cases = [
  { name: "one number", sizes: [1] },
  { name: "two small ones", sizes: [3, 260] },
  { name: "more small ones than one dispatch takes", sizes: [4, 65, 68, 1, 7] },
  { name: "large ones, by eights and by ones", sizes: [16_384, 16_391] },
  { name: "small and large ones in turns", sizes: [5, 16_388, 64, 20_001, 3, 2] },
];

describe("AdamW", () => {
  it.each(cases)("is torch's, on every backend: $name", async ({ sizes }) => {
    const weights = sizes.map((size, i) => randomValues([size], i + 1));
    const all = await computeOnAll(() => named(updates(weights, 5, 0.5)));
    expectAgreement(all);
    for (const backend of BACKENDS) {
      weights.forEach((weight, i) => {
        expectNear(all[backend][`weight ${i}`], expectedUpdates(weight, i, 5, 0.5), 1e-5, `${backend}, weight ${i}`);
      });
    }
  });

  it.each([[[0]], [[1]], [[0, 2]], [[3]]])("lets parameters %j come in a step later than the others", async (late) => {
    const weights = [5, 9, 64, 16_384].map((size, i) => randomValues([size], i + 1));
    const all = await computeOnAll(() => named(updates(weights, 3, 1, late)));
    expectAgreement(all);
    for (const [i, weight] of weights.entries()) {
      const expected = expectedUpdates(weight, i, 3, 1, late.includes(i));
      expectNear(all.webgpu[`weight ${i}`], expected, 1e-5, `weight ${i}`);
    }
  });

  it.each([NaN, Infinity])("changes nothing in a step whose gradients hold %d", async (value) => {
    const weights = [5, 64, 16_384].map((size, i) => randomValues([size], i + 1));
    const broken = randomValues([64], 9);
    broken.values[3] = value;
    for (const backend of BACKENDS) {
      const before = await computeOn(backend, () => named(updates(weights, 2, 1)));
      const after = await computeOn(backend, () => {
        const state = updates(weights, 2, 1);
        take(state, [0, 1, 2], 3, gradientNorm([toTensor(broken)], 1).clip, () => 3);
        return named(state);
      });
      expectSameBits(after, before);
    }
  });

  it("lets the weights that it was given be disposed", async () => {
    const weights = [randomValues([8], 1), randomValues([9], 2), randomValues([16_384], 3)];
    const values = await computeOn("webgpu", () => {
      const given = weights.map(toTensor);
      const state = { held: [...given], moments: makeMoments([8, 9, 16_384]) };
      take(state, [0, 1, 2], 1, tensor1d([1, 1, 0]), () => 1);
      for (const weight of given) weight.dispose();
      return Object.fromEntries(state.held.map((value) => [value.size, value]));
    });
    for (const [i, weight] of weights.entries()) {
      const { length } = weight.values;
      expect(values[length]?.length).toBe(length);
      expectNear(values[length], expectedUpdates(weight, i, 1, 1), 1e-5, `weight ${i}`);
    }
  });

  it("takes three small parameters at once, and large ones alone", async () => {
    await computeOn("webgpu", () => {
      const sizes = [1, 20_000, 2, 3, 4, 16_384, 16_383];
      const parts = makeMoments(sizes).map((moments, i) => ({ size: sizes[i], moments }));
      const groups = groupsOf(parts).map((group) => group.map(({ size }) => size));
      expect(groups).toEqual([[1, 2, 3], [20_000], [4, 16_383], [16_384]]);
      return {};
    });
  });
});
