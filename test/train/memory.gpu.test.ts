import { beforeAll, describe, expect, it } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/counting-device.ts";
import { gatherBatch } from "../../src/data/batches.ts";
import { createRandom } from "../../src/data/random.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { bytesHeld } from "../../src/gpu/memory.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { backendOptions } from "../ops/backends.ts";
import { fetchedModel } from "./fetched-model.ts";
import { learnableRows, linearSettings } from "./learnable-rows.ts";

let counter: DeviceCounter;

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    wrapDevice(device) {
      counter = countDevice(device);
      return device;
    },
  });
});

describe("memory on webgpu", () => {
  it("does not grow by a byte in 500 steps of varying length, counted on the device (minutes)", async () => {
    const data = learnableRows(64, 1, 24);
    const model = await fetchedModel();
    const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
    const trainer = new Trainer(model, { ...linearSettings, rates }, { tokens: 3 * 24, rows: 3 });
    const random = createRandom(3);
    const held: number[] = [];
    const onDevice: number[] = [];
    const lengths = new Set<number>();
    for (let step = 0; step < 500; step++) {
      const rows = Int32Array.from({ length: 1 + Math.floor(3 * random()) }, () => Math.floor(64 * random()));
      const batch = gatherBatch(data, rows);
      lengths.add(batch.ids.length);
      const [numbers] = await readSteps([trainer.step([batch])]);
      expect(numbers?.finite).toBe(true);
      held.push(bytesHeld());
      onDevice.push(counter.snapshot().bytes);
    }
    expect(lengths.size).toBeGreaterThan(40);
    expect(held[9]).toBeGreaterThan(3 * 4 * model.parameters.reduce((sum, { value }) => sum + value.size, 0));
    expect(Math.max(...held.slice(10))).toBe(held[9]);
    expect(Math.max(...onDevice.slice(10))).toBe(onDevice[9]);
    trainer.dispose();
    model.dispose();
  }, 600_000);
});
