import { tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../src/data/random.ts";
import { classifierLoss } from "../../../src/ops/classifier-loss/classifier-loss.ts";
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
  { name: "1 row", rows: 1, classes: 2, smoothing: 0, weighted: false },
  { name: "3 classes, smoothed", rows: 7, classes: 3, smoothing: 0.1, weighted: false },
  { name: "weighted", rows: 5, classes: 4, smoothing: 0, weighted: true },
  { name: "weighted and smoothed", rows: 6, classes: 3, smoothing: 0.2, weighted: true },
  { name: "more rows than one workgroup", rows: 131, classes: 5, smoothing: 0.1, weighted: true },
  { name: "77 classes", rows: 9, classes: 77, smoothing: 0, weighted: true },
];
/** Kernels of their own on webgpu; too small a gradient for differences, so held to the loops of the cpu. */
const wideShapes = [
  { name: "a vocabulary of an odd size", rows: 5, classes: 997, smoothing: 0, weighted: false },
  { name: "the least that is wide, weighted and smoothed", rows: 70, classes: 512, smoothing: 0.1, weighted: true },
  { name: "BERT's vocabulary", rows: 3, classes: 30522, smoothing: 0, weighted: false },
];
type Case = (typeof shapes)[number];

const one = { shape: [1], values: Float32Array.of(1) };

function valuesOf({ rows, classes, weighted }: Case) {
  const random = createRandom(9);
  const labels = Int32Array.from({ length: rows }, () => Math.floor(random() * classes));
  const weights = Float32Array.from({ length: classes }, (_, c) => (weighted ? 0.5 + (c % 5) : 1));
  return { logits: randomValues([rows, classes], 1, 3), labels, weights: { shape: [classes], values: weights } };
}

function compute(shape: Case, values: { logits: Values; labels: Int32Array; weights: Values }, spare: number) {
  const { rows, smoothing } = shape;
  const { logits, labels, weights } = values;
  const denominator = labels.reduce((sum, label) => sum + (weights.values[label] ?? 0), 0);
  const held = new Int32Array(rows + spare);
  held.set(labels);
  const options = { rows, labelSmoothing: smoothing, denominator };
  return classifierLoss(toCapacity(logits, rows + spare), tensor1d(held, "int32"), labels, toTensor(weights), options);
}

describe("classifier loss", () => {
  it.each([...shapes, ...wideShapes])("agrees on every backend: $name", async (shape) => {
    const values = valuesOf(shape);
    const all = await computeOnAll(() => ({ ...compute(shape, values, 0) }));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => ({ ...compute(shape, values, 9) })), all.webgpu);
  });

  it.each(shapes)("has the gradient that differences give: $name", async (shape) => {
    const values = valuesOf(shape);
    const { dLogits } = await computeOn("webgpu", () => ({ ...compute(shape, values, 0) }));
    const loss = () => weightedSum(() => compute(shape, values, 0).loss, one);
    // The loss is a mean, its gradient the smaller the more rows there are: without a scale it would pass as zero.
    const scaled = dLogits?.map((value) => value * shape.rows);
    await expectGradient(scaled, values.logits, () => shape.rows * loss(), "dLogits");
  });

  it("is PyTorch's number with weights and smoothing", async () => {
    // F.cross_entropy(torch.tensor([[1., 2., 3.], [3., 1., 0.]]), torch.tensor([2, 1]),
    //   weight=torch.tensor([.5, 1.5, 2.5]), label_smoothing=.1), by hand:
    const rows = [
      [1, 2, 3],
      [3, 1, 0],
    ];
    const [labels, weights, smoothing] = [[2, 1], [0.5, 1.5, 2.5], 0.1];
    let expected = 0;
    rows.forEach((row, i) => {
      const logTotal = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      const own = (c: number) => -(weights[c] ?? 0) * ((row[c] ?? 0) - logTotal);
      expected += (1 - smoothing) * own(labels[i] ?? 0) + (smoothing / 3) * (own(0) + own(1) + own(2));
    });
    expected /= 2.5 + 1.5;
    const values = {
      logits: { shape: [2, 3], values: Float32Array.from(rows.flat()) },
      labels: Int32Array.from(labels),
      weights: { shape: [3], values: Float32Array.from(weights) },
    };
    const shape = { name: "", rows: 2, classes: 3, smoothing, weighted: true };
    const all = await computeOnAll(() => ({ ...compute(shape, values, 0) }));
    for (const backend of BACKENDS) expectNear(all[backend].loss, Float32Array.of(expected), 1e-6, backend);
  });

  it.each([3, 600])("leaves rows with a negative label out, of %i classes", async (classes) => {
    const shape = { name: "", rows: 5, classes, smoothing: 0.1, weighted: true };
    const values = valuesOf(shape);
    const [own = 0, , other = 0] = values.labels;
    const kept = { ...shape, rows: 2 };
    const logits = values.logits.values;
    const two = Float32Array.of(...logits.subarray(0, classes), ...logits.subarray(2 * classes, 3 * classes));
    const labels = Int32Array.of(own, other);
    const expected = await computeOn("cpu", () => ({
      ...compute(kept, { ...values, labels, logits: { shape: [2, classes], values: two } }, 0),
    }));
    values.labels.set([own, -100, other, -1, -100]);
    const all = await computeOnAll(() => ({ ...compute(shape, values, 0) }));
    for (const backend of BACKENDS) {
      const { loss, dLogits = new Float32Array() } = all[backend];
      expectNear(loss, expected.loss ?? new Float32Array(), 1e-5, backend);
      const rowOf = (row: number) => dLogits.subarray(row * classes, (row + 1) * classes);
      expectNear(Float32Array.of(...rowOf(0), ...rowOf(2)), expected.dLogits ?? new Float32Array(), 1e-5, backend);
      for (const row of [1, 3, 4]) expect(new Set(rowOf(row).map(Math.abs)), backend).toEqual(new Set([0]));
    }
  });

  it("stays finite where logits are large", async () => {
    const shape = { name: "", rows: 2, classes: 3, smoothing: 0, weighted: false };
    const values = valuesOf(shape);
    values.logits.values.set([500, -500, 0, -1000, 1000, 999]);
    const all = await computeOnAll(() => ({ ...compute(shape, values, 0) }));
    for (const backend of BACKENDS) {
      expect(Number.isFinite(all[backend].loss?.[0]), backend).toBe(true);
      expect(all[backend].dLogits?.every(Number.isFinite), backend).toBe(true);
    }
  });
});
