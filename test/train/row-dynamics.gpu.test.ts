import { beforeAll, expect, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { RunControl } from "../../src/train/control.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { RowDynamics } from "../../src/train/row-dynamics.ts";
import { backendOptions } from "../ops/backends.ts";
import { fetchedModel } from "./fetched-model.ts";
import { learnableRows } from "./learnable-rows.ts";

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

it("scores the training rows after each epoch, and leaves the steps on the GPU as they are, to the bit", async () => {
  const recipe = { ...defaultRecipe, learningRate: 1e-3, batchSize: 8, epochs: 3, evaluationsPerEpoch: 0 };
  const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
  const data = { task: defaultTrainedTask, labelNames: ["a", "b", "c"], rates };
  const rows = { train: learnableRows(300, 1), validation: learnableRows(20, 2) };
  const dynamics = new RowDynamics(300);
  const losses: number[][] = [];
  for (const kept of [dynamics, null]) {
    const run = new TrainingRun(await fetchedModel(), { ...data, ...rows, dynamics: kept }, recipe, new RunControl());
    const own: number[] = [];
    for await (const event of run.events()) if (event.type === "step") own.push(event.loss, event.gradientNorm);
    losses.push(own);
  }
  expect(losses[0]).toEqual(losses[1]);
  expect(dynamics.epochs).toHaveLength(3);
  for (const { probabilities } of dynamics.epochs) expect(probabilities.every((one) => one > 0 && one <= 1)).toBe(true);
});
