import { beforeAll, describe, expect, it } from "vitest";
import { gatherBatch, type Batch } from "../../src/data/batches.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { Parameter } from "../../src/ops/parameter.ts";
import { CrossEntropy } from "../../src/tasks/cross-entropy.ts";
import type { Loss } from "../../src/tasks/task.ts";
import { readSteps, type StepNumbers } from "../../src/train/read-steps.ts";
import type { TrainerSettings } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows, linearSettings } from "./learnable-rows.ts";
import { tinyModel } from "./tiny-run.ts";
import { plainLoss } from "./plain-loss.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const data = learnableRows(24, 1);
const rowsFrom = (from: number, to: number) =>
  gatherBatch(
    data,
    Int32Array.from({ length: to - from }, (_, i) => from + i),
  );

interface Trained {
  numbers: StepNumbers[];
  weights: Map<string, Float32Array>;
  parameters: readonly Parameter[];
}

/** Some steps from the tiny checkpoint. */
async function train(
  changes: Partial<TrainerSettings>,
  steps: Batch[][],
  loss: () => Loss = plainLoss(3),
): Promise<Trained> {
  const model = await tinyModel();
  const trainer = new Trainer(model, loss, { ...linearSettings, ...changes }, { tokens: 512, rows: 24 });
  const numbers = [];
  for (const microBatches of steps) numbers.push(...(await readSteps([trainer.step(microBatches)])));
  trainer.dispose();
  const weights = new Map<string, Float32Array>();
  for (const parameter of model.parameters) weights.set(parameter.name, await readTensor(parameter.value));
  model.dispose();
  return { numbers, weights, parameters: model.parameters };
}

const whole = [[rowsFrom(0, 24)], [rowsFrom(0, 24)]];

/** The largest difference of any weight; but of key biases, whose gradient is rounding alone, which AdamW scales up. */
function farthest(a: Trained, b: Trained): number {
  let most = 0;
  for (const [name, values] of a.weights) {
    const isKeyBias = (i: number) => name.endsWith("self.query.bias") && i >= 64 && i < 128;
    values.forEach((value, i) => {
      if (!isKeyBias(i)) most = Math.max(most, Math.abs(value - (b.weights.get(name)?.[i] ?? NaN)));
    });
  }
  return most;
}

describe("accumulation", () => {
  const cut = [rowsFrom(0, 7), rowsFrom(7, 20), rowsFrom(20, 24)];
  it.each([
    ["plain", plainLoss(3)],
    ["weighted and smoothed", () => new CrossEntropy(Float32Array.of(0.5, 1.5, 2.5), { labelSmoothing: 0.1 })],
  ])("of unequal parts is the large batch: %s", async (_, loss) => {
    const large = await train({}, whole, loss);
    const parts = await train({}, [cut, cut], loss);
    large.numbers.forEach(({ loss, gradientNorm }, step) => {
      expect(Math.abs(loss - (parts.numbers[step]?.loss ?? NaN))).toBeLessThan(1e-5);
      expect(Math.abs(gradientNorm / (parts.numbers[step]?.gradientNorm ?? NaN) - 1)).toBeLessThan(1e-5);
    });
    expect(farthest(large, parts)).toBeLessThan(1e-5);
  });
});

describe("frozen prefixes", () => {
  const steps = [[rowsFrom(0, 8)], [rowsFrom(8, 16)], [rowsFrom(16, 24)]];

  it("give the same bits with and without bert., and leave what they name as it was", async () => {
    const [short, long] = [
      await train({ frozen: ["embeddings.", "encoder.layer.0."] }, steps),
      await train({ frozen: ["bert.embeddings.", "bert.encoder.layer.0."] }, steps),
    ];
    const start = await train({}, []);
    for (const { name, level } of short.parameters) {
      const [own, other, before] = [short, long, start].map(({ weights }) => [...(weights.get(name) ?? [])]);
      expect(own, name).toEqual(other);
      if (level < 2) expect(own, name).toEqual(before);
      else expect(own, name).not.toEqual(before);
    }
  });

  it("in the middle let what lies below train on", async () => {
    const [start, trained] = [await train({}, []), await train({ frozen: ["encoder.layer.1."] }, steps)];
    const moved = (name: string) =>
      trained.weights.get(name)?.some((value, i) => value !== start.weights.get(name)?.[i]);
    expect(moved("bert.embeddings.word_embeddings.weight")).toBe(true);
    expect(moved("bert.encoder.layer.0.output.dense.weight")).toBe(true);
    expect(moved("bert.encoder.layer.1.output.dense.weight")).toBe(false);
    expect(moved("classifier.weight")).toBe(true);
  });

  it("may name a bias and not its weight", async () => {
    const [start, trained] = [
      await train({}, []),
      await train({ frozen: ["classifier.bias", "pooler.dense.weight"] }, steps),
    ];
    const moved = (name: string) =>
      trained.weights.get(name)?.some((value, i) => value !== start.weights.get(name)?.[i]);
    expect(["classifier.weight", "classifier.bias"].map(moved)).toEqual([true, false]);
    expect(["bert.pooler.dense.weight", "bert.pooler.dense.bias"].map(moved)).toEqual([false, true]);
  });
});

describe("layer-wise decay", () => {
  it("lowers the rate by its factor from each level to the one below", async () => {
    const [start, trained] = [
      await train({}, []),
      await train({ layerDecay: 0.5, epsilon: 1e-12 }, [[rowsFrom(0, 24)]]),
    ];
    // AdamW's first step moves every weight that has a gradient by the rate.
    for (const { name, level } of trained.parameters) {
      if (!name.endsWith("LayerNorm.weight") && !name.endsWith("dense.weight") && name !== "classifier.weight")
        continue;
      const before = start.weights.get(name) ?? new Float32Array(0);
      const moves = [...(trained.weights.get(name) ?? [])].map((value, i) => Math.abs(value - (before[i] ?? NaN)));
      const typical = moves.sort((a, b) => a - b)[Math.floor(moves.length / 2)] ?? NaN;
      expect(typical / (1e-3 * 0.5 ** (3 - level)), name).toBeCloseTo(1, 1);
    }
  });
});

describe("weight decay", () => {
  it("shrinks weights but neither biases nor LayerNorm", async () => {
    const [without, decayed] = [
      await train({}, [[rowsFrom(0, 24)]]),
      await train({ weightDecay: 0.5 }, [[rowsFrom(0, 24)]]),
    ];
    const start = await train({}, []);
    for (const { name, decays } of decayed.parameters) {
      expect(decays, name).toBe(!/bias$|LayerNorm/.test(name));
      decayed.weights.get(name)?.forEach((value, i) => {
        const expected =
          (without.weights.get(name)?.[i] ?? NaN) - (decays ? 1e-3 * 0.5 * (start.weights.get(name)?.[i] ?? NaN) : 0);
        if (Math.abs(value - expected) > 1e-6) expect.fail(`${name}[${i}] is ${value} instead of ${expected}`);
      });
    }
  });
});

describe("dropout", () => {
  const rates = { hidden: 0.3, attention: 0.3, classifier: 0.3 };
  const losses = async (changes: Partial<TrainerSettings>) =>
    (await train(changes, whole)).numbers.map(({ loss }) => loss);

  it("repeats with the seed, differs with another, and is not there at rate 0", async () => {
    const first = await losses({ rates });
    expect(await losses({ rates })).toEqual(first);
    expect(await losses({ rates, seed: 43 })).not.toEqual(first);
    const plain = await losses({});
    expect(plain).not.toEqual(first);
    expect(await losses({ seed: 43 })).toEqual(plain);
  });

  it.each(["hidden", "attention", "classifier"] as const)("has a rate of its own: %s", async (place) => {
    const own = { hidden: 0, attention: 0, classifier: 0, [place]: 0.3 };
    expect(await losses({ rates: own })).not.toEqual(await losses({}));
  });
});

describe("a step whose gradients are no numbers", () => {
  it("is told of, and changes no weight", async () => {
    const model = await tinyModel();
    const trainer = new Trainer(model, () => new CrossEntropy(Float32Array.of(NaN, 1, 1)), linearSettings, {
      tokens: 512,
      rows: 24,
    });
    const before = [];
    for (const { value } of model.parameters) before.push([...(await readTensor(value))]);
    const [numbers] = await readSteps([trainer.step([rowsFrom(0, 24)])]);
    expect(numbers?.finite).toBe(false);
    for (const [i, { name, value }] of model.parameters.entries())
      expect([...(await readTensor(value))], name).toEqual(before[i]);
    trainer.dispose();
    model.dispose();
  });
});
