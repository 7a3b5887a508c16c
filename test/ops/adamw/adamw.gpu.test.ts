import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { runningDevice, runningGpu } from "../../../src/gpu/running.ts";
import { adamw } from "../../../src/ops/adamw/adamw.ts";
import { makeMoments, type Moments } from "../../../src/ops/adamw/moments.ts";
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
  weights: Tensor[];
  moments: Moments[];
  gradients: Tensor[];
  isShared: boolean;
}

/** On a GPU in buffers of their own, or side by side. */
function stateOf(weights: readonly Values[], isShared: boolean): State {
  const sizes = weights.map(({ values }) => values.length);
  if (!isShared) {
    const zeros = () => sizes.map((size) => runningDevice().zeros([size]));
    const [first, second] = [zeros(), zeros()];
    const moments = first.map((one, i) => ({ first: one, second: second[i] as Tensor }));
    return { weights: weights.map(toTensor), moments, gradients: [], isShared };
  }
  const together = () => runningDevice().together(sizes.map((size) => [size]));
  const held = together();
  weights.forEach(({ values }, i) => runningDevice().write(held[i] as Tensor, values.slice()));
  return { weights: held, moments: makeMoments(sizes), gradients: together(), isShared };
}

/** The `step`th step of the weights in `wanted`; `updates` says which update it is of each. */
function take(state: State, wanted: number[], step: number, clip: Tensor, updates: (i: number) => number) {
  const { weights, moments, gradients, isShared } = state;
  const parts = wanted.map((i) => {
    const weight = weights[i] as Tensor;
    const values = gradientOf(i, weight.size, step);
    if (isShared) runningDevice().write(gradients[i] as Tensor, values.values.slice());
    const gradient = isShared ? (gradients[i] as Tensor) : toTensor(values);
    return { weight, gradient, moments: moments[i] as Moments, rates: { ...ratesOf(i), updates: updates(i) } };
  });
  adamw(parts, clip, options);
}

interface UpdatesOptions {
  factor?: number;
  /** Parameters that have no gradient in the first step, as those that are unfrozen later. */
  late?: readonly number[];
  isShared?: boolean;
}

/** `steps` updates with a new gradient each, all by the same clipping factor. */
function updates(
  weights: readonly Values[],
  steps: number,
  { factor = 1, late = [], isShared = true }: UpdatesOptions = {},
): State {
  const state = stateOf(weights, isShared);
  const clip = tensor1d([1, factor, 0]);
  for (let step = 1; step <= steps; step++) {
    const wanted = [...weights.keys()].filter((i) => step > 1 || !late.includes(i));
    take(state, wanted, step, clip, (i) => (late.includes(i) ? step - 1 : step));
  }
  return state;
}

/** Weights and moments by name. */
function named({ weights, moments }: State): Record<string, Tensor> {
  const results = weights.map((weight, i) => {
    const { first, second } = moments[i] as Moments;
    return { [`weight ${i}`]: weight, [`first ${i}`]: first, [`second ${i}`]: second };
  });
  return Object.assign({}, ...results) as Record<string, Tensor>;
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
  { name: "small ones", sizes: [3, 260, 4, 65, 68, 1, 7] },
  { name: "large ones, by eights and by ones", sizes: [16_384, 16_391] },
  { name: "small and large ones in turns", sizes: [5, 16_388, 64, 20_001, 3, 2] },
];

describe("AdamW", () => {
  it.each(cases)("is torch's, on every backend: $name", async ({ sizes }) => {
    const weights = sizes.map((size, i) => randomValues([size], i + 1));
    const all = await computeOnAll(() => named(updates(weights, 5, { factor: 0.5 })));
    expectAgreement(all);
    for (const backend of BACKENDS) {
      weights.forEach((weight, i) => {
        expectNear(all[backend][`weight ${i}`], expectedUpdates(weight, i, 5, 0.5), 1e-5, `${backend}, weight ${i}`);
      });
    }
    const alone = await computeOn("webgpu", () => named(updates(weights, 5, { factor: 0.5, isShared: false })));
    expectSameBits(all.webgpu, alone);
  });

  it.each([[[0]], [[1]], [[0, 2]], [[3]]])("lets parameters %j come in a step later than the others", async (late) => {
    const weights = [5, 9, 64, 16_384].map((size, i) => randomValues([size], i + 1));
    const all = await computeOnAll(() => named(updates(weights, 3, { late })));
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
      const before = await computeOn(backend, () => named(updates(weights, 2)));
      const after = await computeOn(backend, () => {
        const state = updates(weights, 2);
        take(state, [0, 1, 2], 3, gradientNorm([toTensor(broken)], 1).clip, () => 3);
        return named(state);
      });
      expectSameBits(after, before);
    }
  });

  it.each([
    { wanted: [0, 1, 2, 3, 4, 5, 6], late: [] as number[], dispatches: 1 },
    { wanted: [0, 1, 4, 5, 6], late: [], dispatches: 2 },
    { wanted: [0, 1, 2, 3, 4, 5, 6], late: [0, 1, 2], dispatches: 2 },
  ])("takes $dispatches dispatches for $wanted of which $late came late", async ({ wanted, late, dispatches }) => {
    const sizes = [1, 20_000, 2, 3, 4, 16_384, 16_383];
    await computeOn("webgpu", () => {
      const state = stateOf(
        sizes.map((size, i) => randomValues([size], i)),
        true,
      );
      const dispatch = vi.spyOn(runningGpu(), "dispatch");
      const parts = wanted.map((i) => {
        const rates = { learningRate: 0.1, weightDecay: 0.01, updates: late.includes(i) ? 1 : 2 };
        const [weight, gradient] = [state.weights[i] as Tensor, state.gradients[i] as Tensor];
        return { weight, gradient, moments: state.moments[i] as Moments, rates };
      });
      adamw(parts, tensor1d([1, 1, 0]), options);
      expect(dispatch).toHaveBeenCalledTimes(dispatches);
      dispatch.mockRestore();
      return {};
    });
  });
});
