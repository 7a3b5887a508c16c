import { beforeAll, expect, it } from "vitest";
import { findLearningRate } from "../../src/run/find-rate.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { RunControl } from "../../src/train/control.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  opened = await openModel(await checkpointFiles(await tinyTensors()));
});

it("sweeps whatever the run does beside its steps: an earlier task, pretraining and averages are not looked at", async () => {
  const recipe = { ...tinyRecipe, ewc: 1, rehearsal: 0.5, pretrainEpochs: 1, ema: 0.9, loraRank: 2 };
  const input = { opened, recipe, labelNames: ["a", "b", "c"], train: learnableRows(12, 1) };
  const control = new RunControl();
  const found = await findLearningRate(input, control, (done) => {
    if (done === 2) control.stop();
  });
  expect(found).toMatchObject({ end: "stopped" });
  expect(found.points).toHaveLength(2);
});
