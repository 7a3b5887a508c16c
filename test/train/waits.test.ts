import type { Tensor } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EncodedDataset } from "../../src/data/rows.ts";
import { inOutline } from "../../src/gpu/outline.ts";
import { ReadAhead } from "../../src/run/read-ahead.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { RunControl } from "../../src/train/control.ts";
import { earlierRows } from "../../src/train/earlier-task.ts";
import { findRate } from "../../src/train/rate-finder.ts";
import { randomClassifier, randomConfig } from "../model/random-model.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "./learnable-rows.ts";

const LATENCY = 100;

const rows = learnableRows(64, 1);
const labelNames = ["a", "b", "c"];
const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };

/** Tensors of each read, in order. */
let reads: number[] = [];

beforeAll(() => useNodeBackend("cpu"));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  reads = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/**
 * Runs `work` on a GPU that takes no time to compute and answers after 100 ms: an outline that is taken for a GPU; what
 * is read has every number `value`. Returns the milliseconds until it is done.
 */
async function onSlowQueue(work: () => Promise<void>, value = 0): Promise<number> {
  const before = performance.now();
  let isDone = false;
  const running = inOutline("webgpu", async (outline) => {
    Object.defineProperty(outline, "computes", { value: true });
    vi.spyOn(outline, "read").mockImplementation(async (tensors: readonly Tensor[]) => {
      reads.push(tensors.length);
      await new Promise((resolve) => setTimeout(resolve, LATENCY));
      return tensors.map(({ size }) => new Float32Array(size).fill(value));
    });
    await work();
  }).finally(() => (isDone = true));
  // What waits for messages is let in between two milliseconds of the fake clock.
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(1);
  }
  await running;
  return performance.now() - before;
}

const tensorsRead = () => reads.reduce((a, b) => a + b, 0);

describe("on a queue that answers after 100 ms", () => {
  it("the samples of elastic weight consolidation are waited for a few times, not one by one", async () => {
    const passed = await onSlowQueue(async () => {
      const model = await randomClassifier(randomConfig(), { earlierClasses: 3 });
      const recipe = { ...defaultRecipe, ewc: 1, ewcRows: 48 };
      const data = { task: defaultTrainedTask, train: rows, validation: rows, labelNames };
      const task = earlierRows(model, data, recipe, { tokens: 512, rows: 8 }, new RunControl());
      const measuring = task.consolidation(() => true);
      let step = await measuring.next();
      while (!step.done) step = await measuring.next();
      step.value?.dispose();
      model.dispose();
    });
    // The outputs of six batches of eight rows at least, and a loss of each sample; 48 waits before.
    expect(tensorsRead()).toBeGreaterThanOrEqual(6 + 48);
    expect(reads.length).toBeLessThanOrEqual(14);
    expect(passed).toBeLessThan(14 * LATENCY);
  });

  it("the sweep over learning rates waits for its steps in bunches", async () => {
    const passed = await onSlowQueue(async () => {
      const model = await randomClassifier(randomConfig());
      const curve = await findRate(model, sweep(rows), defaultRecipe, new RunControl());
      expect(curve.end).toBe("whole");
      expect(curve.points).toHaveLength(60);
      model.dispose();
    });
    expect(tensorsRead()).toBe(2 * 60);
    // 60 times 100 ms before.
    expect(reads.length).toBeLessThanOrEqual(8);
    expect(passed).toBeLessThan(8 * LATENCY);
  });

  it("a sweep that has diverged says so with the step that shows it, whatever was recorded after it", async () => {
    await onSlowQueue(async () => {
      const model = await randomClassifier(randomConfig());
      // The third of the numbers that a norm leaves says that a gradient was not finite.
      const curve = await findRate(model, sweep(rows), defaultRecipe, new RunControl());
      expect(curve).toMatchObject({ end: "diverged", points: [] });
      model.dispose();
    }, 1);
    expect(reads.length).toBeLessThanOrEqual(3);
  });

  it("tensors that are wanted one after another come in bunches, each once", async () => {
    const passed = await onSlowQueue(async () => {
      const model = await randomClassifier(randomConfig({ num_hidden_layers: 12 }));
      const tensors = model.parameters.map(({ value }) => value);
      const reader = new ReadAhead(tensors);
      for (const tensor of tensors) expect(await reader.take(tensor)).toHaveLength(tensor.size);
      expect(tensors.length).toBeGreaterThan(150);
      expect(tensorsRead()).toBe(tensors.length);
      model.dispose();
    });
    expect(reads.length).toBeLessThanOrEqual(2);
    expect(passed).toBeLessThan(2.5 * LATENCY);
  });
});

function sweep(train: EncodedDataset) {
  return { task: defaultTrainedTask, train, labelNames, rates };
}

describe("tensors that are read ahead", () => {
  it("are read again where they are taken twice or out of turn, since others may have what was read", async () => {
    await onSlowQueue(async () => {
      const model = await randomClassifier(randomConfig());
      const tensors = model.parameters.map(({ value }) => value);
      const [first, second] = tensors;
      if (!first || !second) throw new Error("A model has weights.");
      const reader = new ReadAhead(tensors);
      const own = await reader.take(second);
      expect(await reader.take(second)).not.toBe(own);
      expect(await reader.take(first)).toHaveLength(first.size);
      model.dispose();
    });
  });
});
