import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Activation } from "../../../src/ops/activation/activation.ts";
import { dropout as drop } from "../../../src/ops/dropout/mask.ts";
import { dropoutKey, NO_DROPOUT, type Dropout } from "../../../src/ops/dropout/random.ts";
import { linear, linearActivated } from "../../../src/ops/linear/linear.ts";
import {
  addLowRankInputGradient,
  addLowRankUp,
  addLowRankUpActivated,
  lowRankDown,
  lowRankDownGradient,
  lowRankUpGradient,
  lowRankUpInputGradient,
} from "../../../src/ops/low-rank/low-rank.ts";
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectNear, expectSameBits, randomValues, toCapacity, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

interface Shape {
  tokens: number;
  /** Numbers per row of the input, of all outputs, and the first of those that B writes to. */
  inner: number;
  stride: number;
  offset: number;
  columns: number;
  rank: number;
}

const shapes: (Shape & { name: string })[] = [
  { name: "1 token, rank 1", tokens: 1, inner: 8, stride: 12, offset: 0, columns: 12, rank: 1 },
  { name: "the key's part of three", tokens: 13, inner: 8, stride: 24, offset: 8, columns: 8, rank: 4 },
  { name: "the value's part, an odd rank", tokens: 9, inner: 6, stride: 18, offset: 12, columns: 6, rank: 3 },
  { name: "odd sizes", tokens: 7, inner: 5, stride: 9, offset: 0, columns: 9, rank: 2 },
  { name: "a rank above four", tokens: 5, inner: 16, stride: 37, offset: 0, columns: 37, rank: 11 },
  { name: "a rank above the width", tokens: 3, inner: 4, stride: 4, offset: 0, columns: 4, rank: 6 },
  { name: "a row of maximum length", tokens: 512, inner: 8, stride: 24, offset: 16, columns: 8, rank: 8 },
];
const rates = [0, 0.3];
const cases = shapes.flatMap((shape) => rates.map((rate) => ({ rate, ...shape })));

const SCALE = 1.75;
const spec = (rate: number): Dropout => (rate === 0 ? NO_DROPOUT : { rate, key: dropoutKey(3, 1, 0, 9) });

function caseOf({ tokens, inner, stride, offset, columns, rank, rate }: Shape & { rate: number }) {
  return {
    rank,
    columns,
    dropout: spec(rate),
    place: { tokens, offset, scale: SCALE },
    x: randomValues([tokens, inner], 1),
    a: randomValues([rank, inner], 2),
    b: randomValues([columns, rank], 3),
    y: randomValues([tokens, stride], 4),
    dy: randomValues([tokens, stride], 5),
    dx: randomValues([tokens, inner], 6),
  };
}
type Case = ReturnType<typeof caseOf>;

/** Forward and backward with room for `capacity` tokens. */
function bothWays({ dropout, place, columns, ...values }: Case, capacity: number): Record<string, Tensor> {
  const { tokens } = place;
  const [a, b] = [toTensor(values.a), toTensor(values.b)];
  const [x, y, dy, dx] = [values.x, values.y, values.dy, values.dx].map((one) => toCapacity(one, capacity));
  if (!x || !y || !dy || !dx) throw new Error("A tensor is missing.");
  const u = lowRankDown(x, a, tokens, dropout);
  addLowRankUp(y, u, b, place);
  const du = lowRankUpInputGradient(dy, b, place);
  const dB = lowRankUpGradient(dy, u, columns, place);
  const dA = lowRankDownGradient(du, x, tokens, dropout);
  addLowRankInputGradient(dx, du, a, tokens, dropout);
  return { u, y, du, dB, dA, dx };
}

describe("low rank", () => {
  it.each(cases)("agrees on every backend: $name, dropout $rate", async (shape) => {
    const one = caseOf(shape);
    const all = await computeOnAll(() => bothWays(one, shape.tokens));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => bothWays(one, shape.tokens + 11)), all.webgpu);
  });

  it.each(cases)("is two products beside y, in its own columns alone: $name, dropout $rate", async (shape) => {
    const one = caseOf(shape);
    const { y, u } = await computeOn("webgpu", () => bothWays(one, shape.tokens));
    const expected = await computeOn("cpu", () => {
      const dropped = drop(toTensor(one.x), one.x.values.length, one.dropout);
      const narrow = linear(dropped, toTensor(one.a), zeros(shape.rank), shape.tokens);
      return { u: narrow, wide: linear(narrow, toTensor(one.b), zeros(shape.columns), shape.tokens) };
    });
    expectNear(u, expected.u ?? new Float32Array(0), 1e-5, "u");
    one.y.values.forEach((before, i) => {
      const column = (i % shape.stride) - shape.offset;
      const isOwn = column >= 0 && column < shape.columns;
      const row = Math.floor(i / shape.stride);
      const added = isOwn ? SCALE * (expected.wide?.[row * shape.columns + column] ?? NaN) : 0;
      if (isOwn) expect(y?.[i]).toBeCloseTo(before + added, 3);
      else expect(y?.[i]).toBe(before);
    });
  });

  it.each(cases)("has the gradients that differences give: $name, dropout $rate", async (shape) => {
    const one = caseOf(shape);
    const { dA, dB, dx } = await computeOn("webgpu", () => bothWays(one, shape.tokens));
    const loss = () => weightedSum(() => bothWays(one, shape.tokens).y as Tensor, one.dy);
    await expectGradient(dA, one.a, loss, "dA");
    await expectGradient(dB, one.b, loss, "dB");
    const own = dx?.map((value, i) => value - (one.dx.values[i] ?? NaN));
    await expectGradient(own, one.x, loss, "dx");
  });
});

const activations: Activation[] = ["gelu", "gelu_new", "relu", "tanh"];

describe("low rank beside an activation", () => {
  const shape = { tokens: 6, inner: 5, stride: 7, offset: 0, columns: 7, rank: 3, rate: 0.3 };

  it.each(activations)("goes into it, and z with it: %s", async (activation) => {
    const one = caseOf(shape);
    const all = await computeOnAll(() => {
      const z = toCapacity(one.y, shape.tokens);
      const u = lowRankDown(toTensor(one.x), toTensor(one.a), shape.tokens, one.dropout);
      const y = addLowRankUpActivated(z, u, toTensor(one.b), one.place, activation);
      const { y: again } = linearActivated(z, identity(7), zeros(7), shape.tokens, activation);
      return { y, z, again, sum: bothWays(one, shape.tokens).y as Tensor };
    });
    expectAgreement(all);
    for (const backend of BACKENDS) {
      expectNear(all[backend].z, all[backend].sum ?? new Float32Array(0), 1e-6, "z");
      expectNear(all[backend].y, all[backend].again ?? new Float32Array(0), 1e-6, "y");
    }
  });

  it.each(activations)("comes back through the one that made its input: %s", async (activation) => {
    const one = caseOf({ ...shape, columns: 7 });
    // Differences across relu's kink are no slopes: inputs near it move away.
    one.x.values.forEach((value, i) => (one.x.values[i] = value + (value < 0 ? -0.05 : 0.05)));
    const activated = () => linearActivated(toTensor(one.x), identity(5), zeros(5), shape.tokens, activation).y;
    const all = await computeOnAll(() => {
      const dz = toTensor(one.dx);
      const du = lowRankUpInputGradient(toTensor(one.dy), toTensor(one.b), one.place);
      const through = { z: toTensor(one.x), activation };
      addLowRankInputGradient(dz, du, toTensor(one.a), shape.tokens, one.dropout, through);
      return { dz };
    });
    expectAgreement(all);
    const own = all.webgpu.dz?.map((value, i) => value - (one.dx.values[i] ?? NaN));
    const loss = () =>
      weightedSum(() => {
        const y = toTensor(one.y);
        addLowRankUp(
          y,
          lowRankDown(activated(), toTensor(one.a), shape.tokens, one.dropout),
          toTensor(one.b),
          one.place,
        );
        return y;
      }, one.dy);
    await expectGradient(own, one.x, loss, "dz");
  });
});

const zeros = (size: number) => toTensor({ shape: [size], values: new Float32Array(size) });

function identity(size: number): Tensor {
  const values = new Float32Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return toTensor({ shape: [size, size], values });
}
