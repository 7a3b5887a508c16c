import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { readTensor } from "../../src/gpu/read-back.ts";
import { BinaryCrossEntropy } from "../../src/tasks/binary-cross-entropy.ts";
import { CrossEntropy } from "../../src/tasks/cross-entropy.ts";
import { RegressionError } from "../../src/tasks/regression-error.ts";
import type { Loss } from "../../src/tasks/task.ts";
import reference from "../reference/losses.json" with { type: "json" };
import { useNodeBackend } from "../node-backend.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

interface Case {
  name: string;
  loss: () => Loss;
  /** Outputs and targets of each row. */
  outputs: number[][];
  labels: number[][];
  type: "int32" | "float32";
  expected: number;
  gradient: number[];
}

const [half, two] = reference.focal;
const [, weighted] = reference.binary;
const { squared, huber } = reference;
const focal = (entry: (typeof reference.focal)[number] | undefined, focalGamma: number): Case => ({
  name: `focal loss at ${focalGamma}`,
  loss: () => new CrossEntropy(Float32Array.from(entry?.weights ?? []), { focalGamma, labelSmoothing: 0.3 }),
  outputs: entry?.outputs ?? [],
  labels: (entry?.labels ?? []).map((label) => [label]),
  type: "int32",
  expected: entry?.loss ?? NaN,
  gradient: (entry?.gradient ?? []).flat(),
});
const regression = (entry: typeof squared | undefined, delta: number): Case => ({
  name: `regression with a delta of ${delta}`,
  loss: () => new RegressionError(delta),
  outputs: (entry?.outputs ?? []).map((value) => [value]),
  labels: (entry?.targets ?? []).map((value) => [value]),
  type: "float32",
  expected: entry?.loss ?? NaN,
  gradient: entry?.gradient ?? [],
});
const cases: Case[] = [
  focal(half, 0.5),
  focal(two, 2),
  {
    name: "binary cross-entropy",
    loss: () => new BinaryCrossEntropy(Float32Array.from(weighted?.weights ?? [])),
    outputs: weighted?.outputs ?? [],
    labels: weighted?.targets ?? [],
    type: "float32",
    expected: weighted?.loss ?? NaN,
    gradient: (weighted?.gradient ?? []).flat(),
  },
  regression(squared, 0),
  regression(huber[1], 0.25),
];

describe("the losses of tasks", () => {
  it.each(cases)("are PyTorch's over unequal micro-batches too: $name", async ({ loss, type, ...given }) => {
    const own = loss();
    const rows = given.outputs.length;
    const batches = [
      [0, 1],
      [1, rows],
    ].map(([from, to]) => {
      const outputs = given.outputs.slice(from, to);
      const values = given.labels.slice(from, to).flat();
      const labels = (type === "int32" ? Int32Array.from(values) : Float32Array.from(values)) as Int32Array;
      return { outputs: tensor(outputs), labels, onDevice: tensor(values, [values.length], type) };
    });
    const denominator = batches.reduce((sum, { labels }) => sum + own.weightOf(labels), 0);
    const parts = batches.map(({ outputs, ...targets }) => own.of(outputs, targets, denominator));
    const read = async (tensors: Tensor[]) => (await Promise.all(tensors.map(readTensor))).flatMap((part) => [...part]);
    const losses = await read(parts.map((part) => part.loss));
    expect(losses.reduce((a, b) => a + b, 0)).toBeCloseTo(given.expected, 5);
    const gradients = await read(parts.map((part) => part.dLogits));
    expect(gradients).toHaveLength(given.gradient.length);
    given.gradient.forEach((value, i) => expect(gradients[i]).toBeCloseTo(value, 5));
    own.dispose();
  });
});
