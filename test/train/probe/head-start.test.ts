import { tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../src/data/random.ts";
import { readTensor } from "../../../src/gpu/read-back.ts";
import { DropoutSites } from "../../../src/model/dropout-sites.ts";
import { disposeHead, headForward } from "../../../src/model/head.ts";
import type { Activation } from "../../../src/ops/activation/activation.ts";
import type { Parameter } from "../../../src/ops/parameter.ts";
import { sigmoidLoss, softmaxLoss, squaredLoss } from "../../../src/tasks/linear-losses.ts";
import { fitProbe } from "../../../src/train/probe/fit-probe.ts";
import { startedDense, throughDense } from "../../../src/train/probe/head-start.ts";
import { apply } from "../../../src/train/probe/linear-model.ts";
import { useNodeBackend } from "../../node-backend.ts";

const rows = 60;
const width = 16;
const classes = 3;

beforeAll(() => useNodeBackend("wasm"));

/** A parameter of the head with these values. */
function parameter(values: ArrayLike<number>, shape: number[]): Parameter {
  const value = tensor(Float32Array.from(values), shape);
  return { role: "", name: "", parts: [""], base: "", decays: true, level: 0, ofHead: true, value };
}

const farthestOf = (logits: number[]) => logits.indexOf(Math.max(...logits));

/** What a probe is fitted to: the class, a mark for each class, or the class as a number; and whether its logits are right. */
const kinds = {
  classes: {
    outputs: classes,
    labelWidth: 1,
    loss: softmaxLoss,
    labelsOf: (labels: Int32Array) => labels,
    isRight: (logits: number[], label: number) => farthestOf(logits) === label,
  },
  labels: {
    outputs: classes,
    labelWidth: classes,
    loss: sigmoidLoss,
    labelsOf: (labels: Int32Array) =>
      Float32Array.from({ length: classes * labels.length }, (_, i) =>
        Number(labels[Math.floor(i / classes)] === i % classes),
      ),
    isRight: (logits: number[], label: number) => farthestOf(logits) === label,
  },
  numbers: {
    outputs: 1,
    labelWidth: 1,
    loss: squaredLoss({ mean: 1, deviation: 0.8 }),
    labelsOf: (labels: Int32Array) => Float32Array.from(labels),
    isRight: ([output = NaN]: number[], label: number) => Math.round(0.8 * output + 1) === label,
  },
};

/** Vectors whose numbers have very different sizes, as those of encoders have, and whose class shows in three of them. */
function planted() {
  const random = createRandom(5);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const values = Float32Array.from({ length: rows * width }, (_, i) => {
    const part = i % width;
    const own = labels[Math.floor(i / width)] === part ? 1.5 : 0;
    return (random() - 0.5 + own) * (part === 7 ? 40 : 1) + (part === 7 ? -90 : part / 4);
  });
  return { values, width, labels };
}

describe("a head that starts from a probe", () => {
  it.each<[Activation, boolean, keyof typeof kinds]>([
    ["tanh", false, "classes"],
    ["relu", false, "classes"],
    ["gelu", false, "classes"],
    ["gelu_new", false, "classes"],
    ["gelu", true, "classes"],
    ["none", false, "classes"],
    ["tanh", false, "labels"],
    ["gelu", true, "labels"],
    ["tanh", false, "numbers"],
    ["relu", false, "numbers"],
  ])("gives the probe's logits behind %s (norm: %s) for %s", async (activation, isNormed, kind) => {
    const read = planted();
    const { outputs, labelWidth, loss, labelsOf, isRight } = kinds[kind];
    const dense = startedDense(read, activation);
    const scale = Float32Array.from({ length: width }, (_, i) => 1 + i / 10);
    const norm = isNormed ? { scale, shift: null, epsilon: 1e-5 } : null;
    const behind = { ...throughDense(read, dense, { activation, norm }), labels: labelsOf(read.labels) };
    const steps = fitProbe(behind, { outputs, loss, labelWidth, seed: 1 });
    let step = steps.next();
    while (!step.done) step = steps.next();
    const probe = step.value;
    const logits = apply(probe, behind, new Float64Array(rows * outputs));
    const right = Array.from(read.labels).filter((label, row) =>
      isRight([...logits.subarray(row * outputs, (row + 1) * outputs)], label),
    );
    expect(right.length).toBeGreaterThan(0.9 * rows);

    const identity = new Float32Array(width * width);
    dense.scale.forEach((own, i) => (identity[i * width + i] = own));
    const head = [
      {
        part: "pooler" as const,
        dropsInput: false,
        activation,
        weight: parameter(identity, [width, width]),
        bias: parameter(dense.shift, [width]),
        norm: norm && { weight: parameter(scale, [width]), bias: parameter(new Float32Array(width), [width]) },
      },
      {
        part: "classifier" as const,
        dropsInput: true,
        activation: "none" as const,
        weight: parameter(probe.weight, [outputs, width]),
        bias: parameter(probe.bias, [outputs]),
        norm: null,
      },
    ];
    const x = tensor(read.values, [rows, width]);
    const shared = { rows, epsilon: 1e-5, dropout: DropoutSites.none.head };
    const passed = headForward(head, x, shared);
    const own = await readTensor(passed.logits);
    disposeHead(passed.saved, x);
    expect(Math.max(...own.map((value, i) => Math.abs(value - (logits[i] ?? NaN))))).toBeLessThan(1e-4);
  });

  it("shifts nothing where the layer has no bias: no file would hold it", () => {
    const read = planted();
    const { scale, shift } = startedDense(read, "gelu", false);
    expect([...shift]).toEqual(new Array<number>(width).fill(0));
    expect(scale).toEqual(startedDense(read, "gelu").scale);
  });

  it("loses nothing of what it reads: each number goes up where it goes up", () => {
    const read = planted();
    for (const activation of ["tanh", "relu", "gelu"] as const) {
      const { values } = throughDense(read, startedDense(read, activation), { activation, norm: null });
      for (let part = 0; part < width; part++) {
        const pairs = Array.from(
          { length: rows },
          (_, row) => [read.values[row * width + part] ?? 0, values[row * width + part] ?? 0] as const,
        );
        const sorted = pairs.sort(([a], [b]) => a - b).map(([, out]) => out);
        expect(sorted.every((out, i) => i === 0 || out >= (sorted[i - 1] ?? 0))).toBe(true);
      }
    }
  });
});
