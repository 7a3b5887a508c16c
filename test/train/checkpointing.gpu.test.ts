import { beforeAll, describe, expect, it } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningDevice } from "../../src/gpu/running.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { randomClassifier, randomConfig } from "../model/random-model.ts";
import { backendOptions } from "../ops/backends.ts";
import { expectSameBits, variants } from "./checkpointing.ts";
import { learnableRows, linearSettings } from "./learnable-rows.ts";
import { plainLoss } from "./plain-loss.ts";

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

describe("checkpointing on webgpu", () => {
  it.each(Object.keys(variants) as (keyof typeof variants)[])("gives the same bits: %s", async (variant) => {
    await expectSameBits(variant);
  });

  it("takes so much less memory as half of the layers hold", async () => {
    const config = randomConfig({ num_hidden_layers: 10 });
    const capacity = { tokens: 10 * 24, rows: 10 };
    const data = learnableRows(10, 1, 24);
    const batch = gatherBatch(
      data,
      Int32Array.from({ length: 10 }, (_, i) => i),
    );
    const peaks: number[] = [];
    for (const checkpointing of [false, true]) {
      // A device of its own, with an empty pool.
      await startBackend("webgpu", backendOptions);
      const model = await randomClassifier(config);
      model.checkpointing = checkpointing;
      const trainer = new Trainer(model, plainLoss(3), linearSettings, capacity);
      for (let step = 0; step < 3; step++) await readSteps([trainer.step([batch])]);
      peaks.push(runningDevice().bytesHeld);
    }
    const { hiddenSize, intermediateSize, layers } = config;
    const oneLayer = 4 * capacity.tokens * (8 * hiddenSize + 2 * intermediateSize);
    expect((peaks[0] ?? NaN) - (peaks[1] ?? NaN)).toBeGreaterThan((layers / 2) * oneLayer);
  });
});
