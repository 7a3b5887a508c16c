import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { RunControl } from "../../src/train/control.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { backendOptions } from "../ops/backends.ts";
import { fetchedModel } from "./fetched-model.ts";
import { learnableRows } from "./learnable-rows.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";

let mapped = 0;

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    wrapDevice(device) {
      const createBuffer = device.createBuffer.bind(device);
      device.createBuffer = (descriptor) => {
        const buffer = createBuffer(descriptor);
        const mapAsync = buffer.mapAsync.bind(buffer);
        buffer.mapAsync = (mode, offset, size) => {
          mapped++;
          return mapAsync(mode, offset, size);
        };
        return buffer;
      };
      return device;
    },
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

it("reads 50 steps of 10 ms back in at most a dozen round trips", async () => {
  const step = vi.spyOn(Trainer.prototype, "step");
  vi.spyOn(performance, "now").mockImplementation(() => 10 * step.mock.calls.length);
  const recipe = { ...defaultRecipe, batchSize: 1, epochs: 1, evaluationsPerEpoch: 0 };
  const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
  const rows = { train: learnableRows(50, 1), validation: learnableRows(6, 2) };
  const model = await fetchedModel();
  const data = { task: defaultTrainedTask, ...rows, labelNames: ["a", "b", "c"], rates };
  const run = new TrainingRun(model, data, recipe, new RunControl());
  let [before, after, steps] = [NaN, NaN, 0];
  for await (const event of run.events()) {
    if (event.type === "evaluation" && event.scope === "baseline") before = mapped;
    if (event.type !== "step") continue;
    after = mapped;
    steps++;
  }
  model.dispose();
  expect(steps).toBe(50);
  expect(after - before).toBeGreaterThan(1);
  expect(after - before).toBeLessThanOrEqual(12);
});
