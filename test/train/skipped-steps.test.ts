import { tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { stepRows } from "../../src/data/batches.ts";
import { sampledOrder } from "../../src/data/sampled-order.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { Classifier } from "../../src/model/classifier.ts";
import { accumulate } from "../../src/ops/accumulate/accumulate.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { RunControl } from "../../src/train/control.ts";
import type { StepEvent } from "../../src/train/events.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { lossesOf } from "../../src/train/losses.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { settingsOf } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { useNodeBackend } from "../node-backend.ts";
import { runData } from "./run-of.ts";
import { tinyModel, tinyRecipe } from "./tiny-run.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const recipe: Recipe = { ...tinyRecipe, evaluationsPerEpoch: 1 };
const STEPS = 14;

/** Makes one gradient of some steps infinite, whenever these are made. Steps count from 1. */
function broken(model: Classifier, steps: readonly number[]): Classifier {
  let step = 0;
  const [forward, backward] = [model.forward.bind(model), model.backward.bind(model)];
  model.forward = (batch, rates, key) => {
    step = (key?.step ?? 0) + 1;
    return forward(batch, rates, key);
  };
  model.backward = (...args) => {
    const gradients = backward(...args);
    const bias = [...gradients].find(([{ name }]) => name === "classifier.bias")?.[1];
    if (bias && steps.includes(step)) accumulate(bias, tensor1d(new Float32Array(bias.size).fill(Infinity)));
    return gradients;
  };
  return model;
}

async function weightsOf({ parameters }: Classifier): Promise<Record<string, readonly number[]>> {
  const entries = parameters.map(async ({ name, value }) => [name, [...(await readTensor(value))]] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function trained(steps: readonly number[]) {
  const model = broken(await tinyModel(), steps);
  const run = new TrainingRun(model, runData, recipe, new RunControl());
  const events: StepEvent[] = [];
  let problem: unknown = null;
  try {
    for await (const event of run.events()) if (event.type === "step") events.push(event);
  } catch (error) {
    problem = error;
  }
  return { model, run, events, problem };
}

/** The same steps made one by one and read at once, without those that are left out. */
async function expectedWithout(left: readonly number[]) {
  const model = await tinyModel();
  const { train, rates } = runData;
  const settings = settingsOf(recipe, STEPS, rates);
  const trainer = new Trainer(model, lossesOf(runData, recipe), settings, { tokens: 512, rows: 8 });
  const learningRates: number[] = [];
  let step = 0;
  for (const epoch of [0, 1]) {
    for (const rows of stepRows(sampledOrder(train, recipe, epoch), recipe.batchSize, 1)) {
      step++;
      if (left.includes(step)) {
        trainer.goOnAfter(step);
        continue;
      }
      const pending = trainer.step(rows.map((some) => runData.task.batchOf(train, some, epoch)));
      learningRates.push(pending.learningRate);
      await readSteps([pending]);
    }
  }
  trainer.dispose();
  return { weights: await weightsOf(model), learningRates };
}

describe("a step that is not finite", () => {
  it.each([[[5]], [[1]], [[4, 5]], [[7, 8]], [[14]], [[13, 14]], [[2, 6, 9]]])(
    "is skipped, and changes nothing: %j of 14",
    async (steps) => {
      const { model, run, events, problem } = await trained(steps);
      expect(problem).toBeNull();
      expect(events.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
      expect(events.filter(({ skipped }) => skipped).map(({ step }) => step)).toEqual(steps);
      const { weights, learningRates } = await expectedWithout(steps);
      const made = events.filter(({ skipped }) => !skipped);
      expect(made.map(({ learningRate }) => learningRate)).toEqual(learningRates);
      expect(await weightsOf(model)).toEqual(weights);
      expect(run.best?.step).toBeGreaterThan(0);
    },
  );

  it("ends the run as the third in a row, also over the end of an epoch, with the weights from before", async () => {
    const { model, events, problem } = await trained([6, 7, 8]);
    expect(String(problem)).toContain("At step 8 the loss was");
    expect(events.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const { weights } = await expectedWithout([6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(await weightsOf(model)).toEqual(weights);
  });
});
