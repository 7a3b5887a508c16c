import { tensor } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { runningDevice } from "../../src/gpu/running.ts";
import { ScoredReader } from "../../src/train/scored-reader.ts";
import { useNodeBackend } from "../node-backend.ts";

const LATENCY = 100;

/** When the fake GPU has done all that was given to it, and what it was asked for. */
let gpu = { freeAt: 0, reads: 0, kept: 0, mostKept: 0 };

beforeAll(() => useNodeBackend("cpu"));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  gpu = { freeAt: 0, reads: 0, kept: 0, mostKept: 0 };
  const device = runningDevice();
  vi.spyOn(device, "kind", "get").mockReturnValue("webgpu");
  vi.spyOn(device, "read").mockImplementation(async (tensors) => {
    gpu.reads++;
    const values = tensors.map((one) => new Float32Array(one.dataSync()));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, gpu.freeAt - performance.now()) + LATENCY));
    gpu.kept -= tensors.length;
    return values;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Scores batches that take the GPU so long each; the milliseconds that it took, and what came back. */
async function scored(batches: number, gpuMs: number, numbers = 2) {
  const came: number[] = [];
  const score = async () => {
    const reader = new ScoredReader();
    for (let batch = 0; batch < batches; batch++) {
      gpu.freeAt = Math.max(gpu.freeAt, performance.now()) + gpuMs;
      gpu.mostKept = Math.max(gpu.mostKept, ++gpu.kept);
      const output = tensor(new Float32Array(numbers).fill(batch), [1, numbers]);
      for (const { numbers: own } of await reader.add({ output, rows: 1 })) came.push(own[0] ?? NaN);
    }
    for (const { numbers: own } of await reader.rest()) came.push(own[0] ?? NaN);
  };
  const before = performance.now();
  let isDone = false;
  const scoring = score().finally(() => (isDone = true));
  // What waits for messages is let in between two milliseconds of the fake clock.
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(1);
  }
  await scoring;
  expect(came).toEqual(Array.from({ length: batches }, (_, batch) => batch));
  return performance.now() - before;
}

describe("batches on a queue that answers after 100 ms", () => {
  it("are waited for a few times, not batch by batch", async () => {
    // Every fourth batch was waited for before: 50 times 108 ms.
    expect(await scored(200, 2)).toBeLessThan(13 * LATENCY);
    expect(gpu.reads).toBeLessThan(14);
  });

  it("cost no waiting where each takes the GPU longer than the answer", async () => {
    expect(await scored(20, 150)).toBeLessThan(20 * 150 + 2 * LATENCY);
  });

  it("are held in two bunches of two at most where their outputs are large", async () => {
    await scored(12, 2, 2 ** 19);
    expect(gpu.mostKept).toBeLessThanOrEqual(4);
  });
});

it("reads each batch at once off the GPU", async () => {
  vi.spyOn(runningDevice(), "kind", "get").mockReturnValue("cpu");
  const reader = new ScoredReader();
  const adding = reader.add({ output: tensor([7], [1, 1]), rows: 1 });
  let read: unknown = null;
  void adding.then((came) => (read = came));
  while (read === null) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(await adding).toMatchObject([{ numbers: new Float32Array([7]), step: { rows: 1 } }]);
});
