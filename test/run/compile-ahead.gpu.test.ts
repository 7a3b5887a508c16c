import { beforeAll, expect, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { compileAhead } from "../../src/run/memory.ts";
import { RunControl } from "../../src/train/control.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { randomClassifier, randomConfig } from "../model/random-model.ts";
import { backendOptions } from "../ops/backends.ts";
import { listedCheckpoint } from "../plan/listed-checkpoint.ts";
import { learnableRows } from "../train/learnable-rows.ts";

/** Programs that were compiled while a dispatch waited for them. */
const waitedFor: string[] = [];

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    wrapDevice(device) {
      const create = device.createComputePipeline.bind(device);
      device.createComputePipeline = (descriptor) => {
        waitedFor.push(descriptor.label ?? "");
        return create(descriptor);
      };
      return device;
    },
  });
});

it("no step and no evaluation of a run waits for a program", async () => {
  const config = randomConfig({ num_hidden_layers: 1 });
  const recipe: Recipe = { ...defaultRecipe, batchSize: 8, accumulate: 2, evaluationsPerEpoch: 0 };
  const [train, validation] = [learnableRows(32, 1, 16), learnableRows(6, 2, 16)];
  const labelNames = ["a", "b", "c"];
  const opened = { ...listedCheckpoint(config), tokenizer: { tokenizerJson: "", tokenizerConfigJson: "" } };
  const progress: number[][] = [];
  const input = { opened, recipe, labelNames, train, validation };
  const fit = { checkpointing: false, mostTokens: Infinity };
  await compileAhead(
    input,
    fit,
    (done, total) => progress.push([done, total]),
    () => true,
  );
  const [, total = 0] = progress[0] ?? [];
  expect(total).toBeGreaterThan(15);
  expect(progress).toEqual(Array.from({ length: total + 1 }, (_, done) => [done, total]));

  const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
  const model = await randomClassifier(config);
  const data = { task: defaultTrainedTask, train, validation, labelNames, rates };
  const types: string[] = [];
  for await (const { type } of new TrainingRun(model, data, recipe, new RunControl()).events()) types.push(type);
  model.dispose();
  expect(types).toContain("step");
  expect(types.at(-1)).toBe("end");
  expect(waitedFor).toEqual([]);
});
