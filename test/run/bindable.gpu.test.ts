import { beforeAll, expect, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { memoryOf } from "../../src/run/memory.ts";
import { RunControl } from "../../src/train/control.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { randomClassifier, randomConfig } from "../model/random-model.ts";
import { listedCheckpoint } from "../plan/listed-checkpoint.ts";
import { backendOptions } from "../ops/backends.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";

const STEPS = 3;
const config = randomConfig({ num_hidden_layers: 1 });
/** Query, key and value of 170 tokens; a step of 32 rows has more. */
const LIMIT = 2 ** 16;
const [train, validation] = [learnableRows(96, 1, 16), learnableRows(6, 2, 16)];
const recipe: Recipe = { ...defaultRecipe, batchSize: 32, evaluationsPerEpoch: 0, learningRate: 1e-3 };
const rates = { hidden: 0, attention: 0, classifier: 0 };
const labelNames = ["a", "b", "c"];

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

async function lossesOf(fitted: boolean): Promise<number[]> {
  const opened = { ...listedCheckpoint(config), tokenizer: { tokenizerJson: "", tokenizerConfigJson: "" } };
  const fit = await memoryOf({ opened, recipe, labelNames, train, validation, maxSteps: STEPS });
  expect(fit.mostTokens).toBe(fitted ? 128 : Infinity);
  const data = { task: defaultTrainedTask, train, validation, labelNames, rates, maxSteps: STEPS, fit };
  const model = await randomClassifier(config);
  const losses: number[] = [];
  for await (const event of new TrainingRun(model, data, recipe, new RunControl()).events()) {
    if (event.type === "step") losses.push(event.loss, event.gradientNorm);
  }
  model.dispose();
  return losses;
}

it("trains with a step cut up that a shader could not bind as a whole, to the same numbers", async () => {
  const whole = await lossesOf(false);
  runningGpu().limitBindings(LIMIT);
  const cut = await lossesOf(true);
  expect(cut.length).toBe(2 * STEPS);
  cut.forEach((value, i) => expect(Math.abs(value - (whole[i] ?? NaN))).toBeLessThan(1e-4 * Math.abs(value)));
});
