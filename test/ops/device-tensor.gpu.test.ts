import { beforeAll, expect, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningDevice } from "../../src/gpu/running.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { accumulate } from "../../src/ops/accumulate/accumulate.ts";
import { deviceTensor, deviceZeros } from "../../src/ops/device-tensor.ts";
import { backendOptions } from "./backends.ts";

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

it("has zeros also in a buffer that was used before", async () => {
  const used = deviceTensor(new Float32Array(1000).fill(7), [10, 100]);
  await runningDevice().done();
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

it("leaves recorded work its inputs, whose buffer the next tensor takes at once", async () => {
  const sum = deviceTensor(new Float32Array(1000).fill(1), [1000]);
  const add = (value: number) => {
    const more = deviceTensor(new Float32Array(1000).fill(value), [1000]);
    accumulate(sum, more);
    more.dispose();
  };
  add(1);
  await runningDevice().done();
  const held = runningDevice().bytesHeld;
  for (const value of [10, 100, 1000]) add(value);
  expect(runningDevice().bytesHeld).toBe(held);
  expect(await readTensor(sum)).toEqual(new Float32Array(1000).fill(1112));
  sum.dispose();
});

it("gives the buffer of a recorded dispatch's input to the next output without waiting for the submission", async () => {
  const [first, second] = [1, 2].map((value) => deviceTensor(new Float32Array(500).fill(value), [500]));
  if (!first || !second) throw new Error("Two tensors were expected.");
  accumulate(first, second);
  second.dispose();
  await runningDevice().done();
  const held = runningDevice().bytesHeld;
  for (let turn = 0; turn < 5; turn++) {
    const zeros = deviceZeros([500]);
    accumulate(zeros, first);
    accumulate(first, zeros);
    zeros.dispose();
  }
  expect(runningDevice().bytesHeld).toBe(held);
  expect(await readTensor(first)).toEqual(new Float32Array(500).fill(3 * 2 ** 5));
  first.dispose();
});
