import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Activation } from "../../../src/ops/activation/activation.ts";
import {
  linear,
  linearActivated,
  linearGradientThrough,
  linearInputGradient,
  linearParameterGradient,
} from "../../../src/ops/linear/linear.ts";
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import {
  expectAgreement,
  expectNear,
  expectSameBits,
  randomValues,
  toCapacity,
  toTensor,
  type Values,
} from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { name: "1 token", tokens: 1, inner: 8, columns: 12 },
  { name: "1 token, odd sizes", tokens: 1, inner: 5, columns: 3 },
  { name: "odd T", tokens: 13, inner: 16, columns: 24 },
  { name: "3 classes", tokens: 7, inner: 16, columns: 3 },
  { name: "an odd intermediate size", tokens: 9, inner: 12, columns: 37 },
  { name: "back from an odd intermediate size", tokens: 9, inner: 37, columns: 12 },
  { name: "more than one tile each way", tokens: 67, inner: 20, columns: 68 },
  { name: "more biases than one row of workgroups has threads", tokens: 3, inner: 8, columns: 300 },
  { name: "many biases, odd sizes", tokens: 3, inner: 5, columns: 131 },
  { name: "a row of maximum length", tokens: 512, inner: 8, columns: 4 },
];

interface Case {
  tokens: number;
  x: Values;
  weight: Values;
  bias: Values;
  dy: Values;
  residual: Values;
}

function caseOf({ tokens, inner, columns }: { tokens: number; inner: number; columns: number }): Case {
  return {
    tokens,
    x: randomValues([tokens, inner], 1),
    weight: randomValues([columns, inner], 2),
    bias: randomValues([columns], 3),
    dy: randomValues([tokens, columns], 4),
    residual: randomValues([tokens, inner], 5),
  };
}

/** Every product of the family with room for `capacity` tokens. */
function everyProduct({ tokens, x, weight, bias, dy, residual }: Case, capacity: number): Record<string, Tensor> {
  const [input, w, b] = [toCapacity(x, capacity), toTensor(weight), toTensor(bias)];
  const gradient = toCapacity(dy, capacity);
  return {
    y: linear(input, w, b, tokens),
    dx: linearInputGradient(gradient, w, tokens),
    dxAndResidual: linearInputGradient(gradient, w, tokens, toCapacity(residual, capacity)),
    ...linearParameterGradient(gradient, input, tokens),
  };
}

describe("linear", () => {
  it("has an adapter, for nothing here may be skipped", async () => {
    const { backend, adapter } = await startBackends();
    expect(backend).toBe("webgpu");
    expect(adapter).not.toBe("");
  });

  it.each(shapes)("agrees on every backend: $name", async (shape) => {
    const one = caseOf(shape);
    const all = await computeOnAll(() => everyProduct(one, shape.tokens));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => everyProduct(one, shape.tokens + 11)), all.webgpu);
  });

  it.each(shapes)("has the gradients that differences give: $name", async (shape) => {
    const one = caseOf(shape);
    const { x, weight, bias, dy, residual, tokens } = one;
    const gradients = await computeOn("webgpu", () => everyProduct(one, tokens));
    const loss = () => weightedSum(() => linear(toTensor(x), toTensor(weight), toTensor(bias), tokens), dy);
    await expectGradient(gradients.dx, x, loss, "dx");
    await expectGradient(gradients.dWeight, weight, loss, "dWeight");
    await expectGradient(gradients.dBias, bias, loss, "dBias");
    const added = residual.values.map((value, i) => value + (gradients.dx?.[i] ?? NaN));
    expectNear(gradients.dxAndResidual, added, 1e-6, "dx and residual");
  });
});

const activations: Activation[] = ["none", "gelu", "gelu_new", "relu", "tanh"];
const activatedShapes = [
  { name: "1 token", tokens: 1, inner: 8, columns: 12 },
  { name: "odd sizes", tokens: 5, inner: 7, columns: 9 },
  { name: "more than one tile", tokens: 66, inner: 4, columns: 8 },
];
const activatedCases = activations.flatMap((activation) => activatedShapes.map((shape) => ({ activation, ...shape })));

/** act(x · wᵀ + b), and the gradient of z = x where y = act(x) · wᵀ. */
function activated({ x, weight, bias, dy, tokens }: Case, activation: Activation, capacity: number) {
  const w = toTensor(weight);
  const { y, z } = linearActivated(toCapacity(x, capacity), w, toTensor(bias), tokens, activation);
  const dz = linearGradientThrough(toCapacity(dy, capacity), w, tokens, toCapacity(x, capacity), activation);
  return { y, z, dz };
}

describe("linear with an activation", () => {
  it.each(activatedCases)("agrees on every backend: $activation, $name", async ({ activation, ...shape }) => {
    const one = caseOf(shape);
    const all = await computeOnAll(() => activated(one, activation, shape.tokens));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => activated(one, activation, shape.tokens + 3)), all.webgpu);
  });

  it.each(activatedCases)("goes back through its slope: $activation, $name", async ({ activation, ...shape }) => {
    const one = caseOf(shape);
    const { x, weight, dy, tokens } = one;
    keepOffTheKink(x);
    const gradients = await computeOn("webgpu", () => activated(one, activation, tokens));
    const identity = { shape: [shape.inner, shape.inner], values: new Float32Array(shape.inner ** 2) };
    for (let i = 0; i < shape.inner; i++) identity.values[i * shape.inner + i] = 1;
    const nothing = (size: number) => toTensor({ shape: [size], values: new Float32Array(size) });
    const loss = () =>
      weightedSum(() => {
        const { y } = linearActivated(toTensor(x), toTensor(identity), nothing(shape.inner), tokens, activation);
        return linear(y, toTensor(weight), nothing(shape.columns), tokens);
      }, dy);
    await expectGradient(gradients.dz, x, loss, "dz");
  });

  it("knows the activations' values, far out as well", async () => {
    const inputs = [-1e4, -100, -3, -1, -0.5, 0, 0.5, 1, 3, 100, 1e4];
    const expected: Record<Activation, number[]> = {
      none: inputs,
      // x · Φ(x), from tables of the normal distribution.
      gelu: [0, 0, -0.00404969, -0.15865525, -0.15426877, 0, 0.34573123, 0.84134475, 2.99595031, 100, 1e4],
      gelu_new: [0, 0, -0.00363739, -0.15880801, -0.15428599, 0, 0.34571401, 0.84119199, 2.99636261, 100, 1e4],
      relu: [0, 0, 0, 0, 0, 0, 0.5, 1, 3, 100, 1e4],
      tanh: [-1, -1, -0.99505475, -0.76159416, -0.46211716, 0, 0.46211716, 0.76159416, 0.99505475, 1, 1],
    };
    const scalar = (value: number) => ({ shape: [1, 1], values: Float32Array.of(value) });
    for (const activation of activations) {
      const all = await computeOnAll(() => {
        const x = toTensor({ shape: [inputs.length, 1], values: Float32Array.from(inputs) });
        const bias = toTensor({ shape: [1], values: new Float32Array(1) });
        return { y: linearActivated(x, toTensor(scalar(1)), bias, inputs.length, activation).y };
      });
      for (const backend of BACKENDS) {
        expected[activation].forEach((value, i) => {
          // The error function is good to 1e-7, which gelu multiplies by x.
          const allowed = 1e-6 + 1e-7 * Math.abs(inputs[i] ?? NaN);
          const off = Math.abs((all[backend].y?.[i] ?? NaN) - value);
          expect(off, `${activation} of ${inputs[i]} on ${backend}`).toBeLessThan(allowed);
        });
      }
    }
  });
});

/** Differences across the kink of relu are no slopes: inputs near it move away. */
function keepOffTheKink(x: Values): void {
  x.values.forEach((value, i) => (x.values[i] = value + (value < 0 ? -0.05 : 0.05)));
}
