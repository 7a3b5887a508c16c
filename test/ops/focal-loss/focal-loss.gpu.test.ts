import { tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../src/data/random.ts";
import { classifierLoss } from "../../../src/ops/classifier-loss/classifier-loss.ts";
import { focalLoss } from "../../../src/ops/focal-loss/focal-loss.ts";
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
  { name: "1 row of 2 classes", rows: 1, classes: 2, focus: 2 },
  { name: "a focus below 1", rows: 7, classes: 3, focus: 0.5 },
  { name: "more rows than one workgroup", rows: 131, classes: 5, focus: 2 },
  { name: "77 classes", rows: 9, classes: 77, focus: 5 },
];
interface Given {
  logits: Values;
  labels: Int32Array;
  weights: Values;
  focus: number;
}

const one = { shape: [1], values: Float32Array.of(1) };

function givenOf({ rows, classes, focus }: (typeof shapes)[number]): Given {
  const random = createRandom(9);
  const labels = Int32Array.from({ length: rows }, () => Math.floor(random() * classes));
  const weights = { shape: [classes], values: Float32Array.from({ length: classes }, (_, c) => 0.5 + (c % 5)) };
  return { logits: randomValues([rows, classes], 1, 3), labels, weights, focus };
}

function compute({ logits, labels, weights, focus }: Given, spare = 0) {
  const held = new Int32Array(labels.length + spare);
  held.set(labels);
  const denominator = labels.reduce((sum, label) => sum + (weights.values[label] ?? 0), 0);
  const options = { rows: labels.length, focus, denominator };
  const onDevice = tensor1d(held, "int32");
  return focalLoss(toCapacity(logits, labels.length + spare), onDevice, labels, toTensor(weights), options);
}

describe("focal loss", () => {
  it.each(shapes)("agrees on every backend, and with differences: $name", async (shape) => {
    const given = givenOf(shape);
    const all = await computeOnAll(() => ({ ...compute(given) }));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => ({ ...compute(given, 9) })), all.webgpu);
    // The loss is a mean, its gradient the smaller the more rows there are: without a scale it would pass as zero.
    const scaled = all.webgpu.dLogits?.map((value) => value * shape.rows);
    const loss = () => shape.rows * weightedSum(() => compute(given).loss, one);
    await expectGradient(scaled, given.logits, loss, "dLogits");
  });

  it.each(reference.focal)("is PyTorch's, loss and gradient, at a focus of $gamma", async (entry) => {
    const [rows, classes] = [entry.labels.length, entry.weights.length];
    const given = {
      logits: { shape: [rows, classes], values: Float32Array.from(entry.outputs.flat()) },
      labels: Int32Array.from(entry.labels),
      weights: { shape: [classes], values: Float32Array.from(entry.weights) },
      focus: entry.gamma,
    };
    const all = await computeOnAll(() => ({ ...compute(given) }));
    for (const backend of BACKENDS) {
      expectNear(all[backend].loss, Float32Array.of(entry.loss), 1e-6, `loss on ${backend}`);
      expectNear(all[backend].dLogits, Float32Array.from(entry.gradient.flat()), 2e-6, `dLogits on ${backend}`);
    }
  });

  it("is cross-entropy at a focus of 0", async () => {
    const given = { ...givenOf({ name: "", rows: 7, classes: 3, focus: 2 }), focus: 0 };
    const { logits, labels, weights } = given;
    const denominator = labels.reduce((sum, label) => sum + (weights.values[label] ?? 0), 0);
    const options = { rows: 7, labelSmoothing: 0, denominator };
    const plain = await computeOn("cpu", () => ({
      ...classifierLoss(toTensor(logits), tensor1d(labels, "int32"), labels, toTensor(weights), options),
    }));
    const all = await computeOnAll(() => ({ ...compute(given) }));
    for (const backend of BACKENDS) {
      expectNear(all[backend].loss, plain.loss ?? new Float32Array(), 1e-5, `loss on ${backend}`);
      expectNear(all[backend].dLogits, plain.dLogits ?? new Float32Array(), 1e-5, `dLogits on ${backend}`);
    }
  });

  it("stays finite where a row is all but sure, right or wrong, and then counts nothing or all", async () => {
    const given = givenOf({ name: "", rows: 3, classes: 3, focus: 0.5 });
    given.logits.values.set([500, -500, 0, -40, 40, 39, 30, 0, 0]);
    given.labels.set([0, 0, 0]);
    const all = await computeOnAll(() => ({ ...compute(given) }));
    expectAgreement(all);
    for (const backend of BACKENDS) {
      expect(all[backend].loss?.[0]).toBeCloseTo(80.3133 / 3, 3);
      expect(all[backend].dLogits?.every(Number.isFinite), backend).toBe(true);
      expect([...(all[backend].dLogits?.subarray(0, 3) ?? [])].map(Math.abs)).toEqual([0, 0, 0]);
    }
  });
});
