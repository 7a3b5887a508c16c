import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import { createRandom } from "../../src/data/random.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows, linearSettings } from "./learnable-rows.ts";
import { tinyModel } from "./tiny-run.ts";
import { plainLoss } from "./plain-loss.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

describe("memory on wasm", () => {
  it("does not grow by a tensor or a byte in 500 steps of varying length", async () => {
    const data = learnableRows(64, 1, 40);
    const model = await tinyModel();
    const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
    const trainer = new Trainer(model, plainLoss(3), { ...linearSettings, rates }, { tokens: 4 * 40, rows: 4 });
    const random = createRandom(3);
    const held: { tensors: number; bytes: number }[] = [];
    const lengths = new Set<number>();
    for (let step = 0; step < 500; step++) {
      const rows = Int32Array.from({ length: 1 + Math.floor(4 * random()) }, () => Math.floor(64 * random()));
      const batch = gatherBatch(data, rows);
      lengths.add(batch.ids.length);
      await readSteps([trainer.step([batch])]);
      held.push({ tensors: memory().numTensors, bytes: memory().numBytes });
    }
    expect(lengths.size).toBeGreaterThan(50);
    expect(new Set(held.slice(10).map(({ tensors }) => tensors))).toEqual(new Set([held[9]?.tensors]));
    expect(new Set(held.slice(10).map(({ bytes }) => bytes))).toEqual(new Set([held[9]?.bytes]));
    trainer.dispose();
    model.dispose();
    expect(memory().numTensors).toBe(0);
  });
});
