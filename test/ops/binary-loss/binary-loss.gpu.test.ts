import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../src/data/random.ts";
import { binaryLoss } from "../../../src/ops/binary-loss/binary-loss.ts";
import reference from "../../reference/losses.json" with { type: "json" };
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
  { name: "1 row of 1 label", rows: 1, labels: 1 },
  { name: "3 labels", rows: 7, labels: 3 },
  { name: "more numbers than threads", rows: 131, labels: 5 },
  { name: "77 labels", rows: 9, labels: 77 },
];
interface Given {
  logits: Values;
  targets: Values;
  weights: Values;
}

const one = { shape: [1], values: Float32Array.of(1) };

function givenOf({ rows, labels }: (typeof shapes)[number]): Given {
  const random = createRandom(9);
  const targets = Float32Array.from({ length: rows * labels }, () => (random() < 0.3 ? 1 : 0));
  const weights = Float32Array.from({ length: labels }, (_, label) => 0.5 + (label % 5));
  return {
    logits: randomValues([rows, labels], 1, 3),
    targets: { shape: [rows, labels], values: targets },
    weights: { shape: [labels], values: weights },
  };
}

function compute({ logits, targets, weights }: Given, spare = 0) {
  const [rows = 0] = logits.shape;
  const held = [logits, targets].map((values) => toCapacity(values, rows + spare)) as [Held, Held];
  return binaryLoss(...held, toTensor(weights), { rows, denominator: logits.values.length });
}
type Held = ReturnType<typeof toCapacity>;

describe("binary loss", () => {
  it.each(shapes)("agrees on every backend, and with differences: $name", async (shape) => {
    const given = givenOf(shape);
    const all = await computeOnAll(() => ({ ...compute(given) }));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => ({ ...compute(given, 9) })), all.webgpu);
    // The loss is a mean, its gradient the smaller the more numbers there are: without a scale it would pass as zero.
    const numbers = given.logits.values.length;
    const scaled = all.webgpu.dLogits?.map((value) => value * numbers);
    const loss = () => numbers * weightedSum(() => compute(given).loss, one);
    await expectGradient(scaled, given.logits, loss, "dLogits");
  });

  it.each(reference.binary)("is PyTorch's with weights $weights of the positives", async (entry) => {
    const shape = [entry.targets.length, entry.weights.length];
    const valuesOf = (matrix: number[][]) => ({ shape, values: Float32Array.from(matrix.flat()) });
    const weights = { shape: [entry.weights.length], values: Float32Array.from(entry.weights) };
    const given = { logits: valuesOf(entry.outputs), targets: valuesOf(entry.targets), weights };
    const all = await computeOnAll(() => ({ ...compute(given) }));
    for (const backend of BACKENDS) {
      expectNear(all[backend].loss, Float32Array.of(entry.loss), 1e-6, `loss on ${backend}`);
      expectNear(all[backend].dLogits, valuesOf(entry.gradient).values, 1e-6, `dLogits on ${backend}`);
    }
  });

  it("grows in a straight line where logits are large, and stays finite", async () => {
    const given = givenOf({ name: "", rows: 2, labels: 2 });
    given.logits.values.set([500, -500, 500, -500]);
    given.targets.values.set([1, 0, 0, 1]);
    given.weights.values.set([1, 2]);
    const all = await computeOnAll(() => ({ ...compute(given) }));
    for (const backend of BACKENDS) {
      expect(all[backend].loss?.[0], backend).toBeCloseTo(1500 / 4, 3);
      expectNear(all[backend].dLogits, Float32Array.of(0, 0, 0.25, -0.5), 1e-6, backend);
    }
  });
});
