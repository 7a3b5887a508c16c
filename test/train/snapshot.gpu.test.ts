import { beforeAll, expect, it } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/meters/counting-device.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { restoreSnapshot, takeSnapshot } from "../../src/train/snapshot.ts";
import { backendOptions } from "../ops/backends.ts";
import { fetchedModel } from "./fetched-model.ts";

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

it("puts weights back into the buffers of those that they replace", async () => {
  const model = await fetchedModel();
  const snapshot = await takeSnapshot(model.parameters);
  for (const values of snapshot.values()) values.fill(0.5);
  counter.reset();
  const { bytes } = counter.snapshot();
  restoreSnapshot(snapshot);
  expect(counter.snapshot().peakBytes).toBe(bytes);
  for (const { value, name } of model.parameters) {
    expect(
      (await readTensor(value)).every((number) => number === 0.5),
      name,
    ).toBe(true);
  }
  model.dispose();
});
