import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/meters/counting-device.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningDevice, runningGpu } from "../../src/gpu/running.ts";
import { partsOf } from "../../src/gpu/parts.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { accumulate } from "../../src/ops/accumulate/accumulate.ts";
import { makeMoments } from "../../src/ops/adamw/moments.ts";
import { adamw } from "../../src/ops/adamw/adamw.ts";
import { uploadBatch } from "../../src/ops/device-batch.ts";
import { deviceTensor } from "../../src/ops/device-tensor.ts";
import { embeddingGradient, embeddingSum } from "../../src/ops/embedding/embedding.ts";
import { gradientNorm } from "../../src/ops/gradient-norm/gradient-norm.ts";
import { linear } from "../../src/ops/linear/linear.ts";
import { Problem } from "../../src/problem/problem.ts";
import { backendOptions } from "../ops/backends.ts";

const MIB = 2 ** 20;
let counter: DeviceCounter;

const zeros = (shape: readonly number[]) => deviceTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    bindingLimit: 128 * MIB,
    wrapDevice(device) {
      counter = countDevice(device);
      return device;
    },
  });
});

afterEach(() => runningGpu().limitBindings(128 * MIB));

describe("parts of a table", () => {
  it("are one where the table fits, and else runs of rows without gap or overlap", () => {
    expect(runningDevice().largestBinding).toBe(128 * MIB);
    const device = runningDevice();
    expect(partsOf(device, 30_522, 384)).toEqual([{ first: 0, count: 30_522 }]);
    expect(partsOf(device, 43_690, 768)).toEqual([{ first: 0, count: 43_690 }]);
    // bert-base-multilingual and XLM-R.
    for (const [rows, size, count] of [
      [119_547, 768, 3],
      [250_002, 768, 6],
      [250_002, 1024, 8],
    ] as const) {
      const parts = partsOf(device, rows, size);
      expect(parts.length).toBe(count);
      let end = 0;
      for (const part of parts) {
        expect(part.first).toBe(end);
        expect(part.first % 64).toBe(0);
        expect(4 * size * part.count).toBeLessThanOrEqual(128 * MIB);
        end += part.count;
      }
      expect(end).toBe(rows);
    }
  });
});

describe("a device that binds 128 MiB at once", () => {
  it("computes with a table of 134 MB", async () => {
    const [words, hidden] = [65_600, 512];
    const numbers = words * hidden;
    expect(4 * numbers).toBeGreaterThan(128 * MIB);
    const values = (row: number) => (row % 1000) / 1000 + 1;
    const filled = new Float32Array(numbers);
    for (let row = 0; row < words; row++) filled.fill(values(row), row * hidden, (row + 1) * hidden);
    const word = deviceTensor(filled, [words, hidden]);
    const [position, type] = [zeros([4, hidden]), zeros([2, hidden])];
    const ids = Int32Array.of(0, 65_535, 65_599, 7);
    const sizes = { word: words, position: 4, type: 2 };
    const rows = { ids, positions: Int32Array.of(0, 1, 2, 3), types: new Int32Array(4), rowStart: Int32Array.of(0, 4) };
    const batch = uploadBatch(rows, { tokens: 4, rows: 1 }, sizes, "training");
    if (!batch.groupings) throw new Error("A batch for training has groupings.");

    counter.reset();
    const y = embeddingSum({ word, position, type }, batch.tokenTable, batch.tokenNumbers, 4);
    expect(counter.snapshot().dispatches).toBe(2);
    const gathered = await readTensor(y);
    ids.forEach((id, token) => expect(gathered[token * hidden + 3]).toBeCloseTo(values(id), 6));

    const gradient = embeddingGradient(y, batch.groupings.word);
    accumulate(gradient, zeros(gradient.shape));
    const { clip, readback } = gradientNorm([gradient], 1e30);
    const norm = Math.sqrt(hidden * ids.reduce((sum, id) => sum + values(id) ** 2, 0));
    expect((await readTensor(readback))[0]).toBeCloseTo(norm, 3);

    const [moments] = makeMoments([numbers]);
    if (!moments) throw new Error("There are moments.");
    const rates = { learningRate: 0.1, weightDecay: 0, updates: 1 };
    adamw([{ weight: word, gradient, moments, rates }], clip, { beta1: 0.9, beta2: 0.999, epsilon: 0 });
    // Adam's first step is the rate, whatever the gradient.
    const after = await readTensor(word);
    for (const id of ids) expect(after[id * hidden + 511]).toBeCloseTo(values(id) - 0.1, 5);
  });

  it("says what is too large to compute with", () => {
    const [x, weight] = [zeros([32, 64]), zeros([64, 64])];
    runningGpu().limitBindings(4096);
    expect(() => linear(x, weight, zeros([64]), 32)).toThrow(Problem);
  });

  it("says that a weight is too large for any buffer", () => {
    const numbers = runningDevice().largestBuffer / 4 + 1;
    expect(() => deviceTensor(new Float32Array(numbers), [numbers])).toThrow(Problem);
  });
});
