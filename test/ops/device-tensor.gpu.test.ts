import { beforeAll, expect, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { queueDone } from "../../src/gpu/program.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { deviceTensor, deviceZeros } from "../../src/ops/device-tensor.ts";
import { backendOptions } from "./backends.ts";

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

it("has zeros also in a buffer that was used before", async () => {
  const used = deviceTensor(new Float32Array(1000).fill(7), [10, 100]);
  await queueDone();
  used.dispose();
  const zeros = deviceZeros([10, 100]);
  expect(zeros.shape).toEqual([10, 100]);
  expect(await readTensor(zeros)).toEqual(new Float32Array(1000));
  zeros.dispose();
});

it("has zeros also when nothing waits for the clearing before the buffer is given back", async () => {
  deviceZeros([1000]).dispose();
  const next = deviceTensor(new Float32Array(1000).fill(3), [1000]);
  expect(await readTensor(next)).toEqual(new Float32Array(1000).fill(3));
  next.dispose();
});
