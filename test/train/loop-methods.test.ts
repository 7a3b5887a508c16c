import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { Parameter } from "../../src/ops/parameter.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { learnableRows } from "./learnable-rows.ts";
import { useNodeBackend } from "../node-backend.ts";
import { runData, runOf } from "./run-of.ts";
import { tinyModel } from "./tiny-run.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

async function weightsOf(parameters: readonly Parameter[]): Promise<Map<string, Float32Array>> {
  const weights = new Map<string, Float32Array>();
  for (const { name, value } of parameters) weights.set(name, await readTensor(value));
  return weights;
}

/** Names of the parameters with an element that differs. */
function moved(before: Map<string, Float32Array>, after: Map<string, Float32Array>): string[] {
  const differs = (name: string, values: Float32Array) => values.some((value, i) => value !== after.get(name)?.[i]);
  return [...before].filter(([name, values]) => differs(name, values)).map(([name]) => name);
}

describe("early stopping", () => {
  // Labels without a pattern: what is learned of the training rows does not help on the others.
  const noise = (rows: number, seed: number) => {
    const data = learnableRows(rows, seed);
    return { ...data, labels: data.labels.map((_, row) => (row * 7 + seed) % 3) };
  };
  const data = { train: noise(40, 1), validation: noise(40, 5) };
  const recipe: Partial<Recipe> = { epochs: 12, bestBy: "logLoss", evaluationsPerEpoch: 0, learningRate: 2e-3 };

  it("ends the run after so many evaluations without gain, and goes back to the best weights", async () => {
    const { run, model, of, events } = await runOf({ ...recipe, earlyStopping: 2 }, undefined, data);
    const full = of("evaluation").filter(({ scope }) => scope === "full");
    const losses = full.map(({ report }) => report.logLoss);
    const best = losses.indexOf(Math.min(...losses));
    expect(full).toHaveLength(best + 3);
    expect(full.length).toBeLessThan(12);
    expect(events.at(-1)).toMatchObject({ type: "end", reason: "early", step: full.at(-1)?.step });
    expect(of("best").at(-1)).toMatchObject({ step: full[best]?.step, metric: "logLoss", value: losses[best] });
    expect(run.currentStep).toBe(full[best]?.step);
    expect(run.current).toBe(run.best);
    for (const [parameter, values] of run.best?.weights ?? [])
      expect(await readTensor(parameter.value)).toEqual(values);
    model.dispose();
  });

  it("does not end a run that it is not asked to end, nor one that gains", async () => {
    const { model, of, events } = await runOf(recipe, undefined, data);
    expect(of("evaluation").filter(({ scope }) => scope === "full")).toHaveLength(12);
    expect(events.at(-1)).toMatchObject({ reason: "finished" });
    model.dispose();
  });
});

describe("the metric of the best", () => {
  it("decides which evaluation is kept", async () => {
    for (const bestBy of ["accuracy", "matthews", "weightedF1"] as const) {
      const { model, of } = await runOf({ bestBy, epochs: 3, evaluationsPerEpoch: 0 });
      const full = of("evaluation").filter(({ scope }) => scope === "full");
      const scores = full.map(({ report }) => (bestBy === "weightedF1" ? report.weighted.f1 : report[bestBy]));
      expect(of("best").at(-1)).toMatchObject({ metric: bestBy, value: Math.max(...scores) });
      model.dispose();
    }
  });
});

describe("averages of weights", () => {
  it("evaluate and keep the moving average, without changing the training", async () => {
    const plain = await runOf({ epochs: 1, evaluationsPerEpoch: 0 });
    const { numTensors } = memory();
    const { run, model, of } = await runOf({ ema: 0.9, epochs: 1, evaluationsPerEpoch: 0 });
    expect(of("step").map(({ loss }) => loss)).toEqual(plain.of("step").map(({ loss }) => loss));
    const logLoss = (events: typeof of) => events("evaluation").at(-1)?.report.logLoss;
    expect(logLoss(of)).not.toBe(logLoss(plain.of));
    expect(run.current).toBe(run.best);
    for (const [parameter, values] of run.best?.weights ?? [])
      expect(await readTensor(parameter.value)).toEqual(values);
    expect(memory().numTensors).toBe(numTensors + model.parameters.length);
    plain.model.dispose();
    model.dispose();
  });

  it("become the mean of the last checkpoints at the end, which is scored", async () => {
    const { model, of } = await runOf({ average: "last", averageCount: 2, epochs: 3, evaluationsPerEpoch: 0 });
    const full = of("evaluation").filter(({ scope }) => scope === "full");
    expect(full.map(({ step }) => step)).toEqual([7, 14, 21, 21]);
    expect(full[3]?.report.logLoss).not.toBe(full[2]?.report.logLoss);
    model.dispose();
  });
});

describe("gradual unfreezing", () => {
  it("trains one layer group more with each epoch, from the top", async () => {
    const start = await tinyModel();
    const before = await weightsOf(start.parameters);
    start.dispose();
    const groups: string[][] = [];
    for (const epochs of [1, 2, 3]) {
      const { model } = await runOf({ gradualUnfreezing: true, epochs, evaluationsPerEpoch: 0, warmupShare: 0 });
      groups.push(moved(before, await weightsOf(model.parameters)));
      model.dispose();
    }
    expect(new Set(groups[0])).toEqual(
      new Set(["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"]),
    );
    expect(groups[1]?.some((name) => name.includes("layer.1."))).toBe(true);
    expect(groups[1]?.some((name) => name.includes("layer.0.") || name.includes("embeddings"))).toBe(false);
    expect(groups[2]?.some((name) => name.includes("layer.0."))).toBe(true);
    expect(groups[2]?.some((name) => name.includes("embeddings"))).toBe(false);
  });
});

describe("the plateau schedule", () => {
  it("lowers the rate when the validation loss does not fall", async () => {
    // At so high a rate the loss only rises.
    const recipe: Partial<Recipe> = { schedule: "plateau", plateauPatience: 0, learningRate: 0.05, warmupShare: 0 };
    const { model, of } = await runOf({ ...recipe, epochs: 5, evaluationsPerEpoch: 0 });
    const losses = of("evaluation")
      .filter(({ scope }) => scope === "full")
      .map(({ report }) => report.logLoss);
    let factor = 1;
    let best = Infinity;
    const expected = losses.map((loss) => {
      const now = 0.05 * factor;
      if (loss < best * (1 - 1e-4)) best = loss;
      else factor *= 0.5;
      return now;
    });
    const rates = of("step").filter(({ step }) => step % 7 === 1);
    rates.forEach(({ learningRate }, epoch) => expect(learningRate).toBeCloseTo(expected[epoch] ?? NaN, 12));
    expect(expected.at(-1)).toBeLessThan(0.05);
    model.dispose();
  });
});

describe("R-Drop", () => {
  const losses = async (recipe: Partial<Recipe>) => {
    const { model, of } = await runOf({ epochs: 1, evaluationsPerEpoch: 0, ...recipe }, undefined, runData);
    model.dispose();
    return of("step").map(({ loss }) => loss);
  };

  it("is the plain loss without dropout, since then both passes agree", async () => {
    const none = { hiddenDropout: 0, attentionDropout: 0, classifierDropout: 0 };
    const plain = await losses(none);
    (await losses({ ...none, rDrop: 5 })).forEach((loss, step) => expect(loss).toBeCloseTo(plain[step] ?? NaN, 4));
  });

  it("adds what two passes with other dropout are apart, by its weight", async () => {
    const [weak = 0] = await losses({ rDrop: 1e-9 });
    const [one = 0] = await losses({ rDrop: 1 });
    const [three = 0] = await losses({ rDrop: 3 });
    expect(one).toBeGreaterThan(weak);
    expect((three - weak) / (one - weak)).toBeCloseTo(3, 3);
  });
});

describe("the pull to the start", () => {
  it("keeps weights nearer to where they began, and leaves the classifier free", async () => {
    const start = await tinyModel();
    const before = await weightsOf(start.parameters);
    start.dispose();
    const distance = async (l2sp: number, name: string) => {
      const { model } = await runOf({ l2sp, epochs: 4, evaluationsPerEpoch: 0, weightDecay: 0 });
      const after = await weightsOf(model.parameters);
      model.dispose();
      return Math.hypot(...(before.get(name) ?? []).map((value, i) => value - (after.get(name)?.[i] ?? NaN)));
    };
    const layer = "bert.encoder.layer.1.output.dense.weight";
    expect(await distance(1, layer)).toBeLessThan(0.7 * (await distance(0, layer)));
    expect(await distance(1, "classifier.weight")).toBeGreaterThan(0.5 * (await distance(0, "classifier.weight")));
  });
});
