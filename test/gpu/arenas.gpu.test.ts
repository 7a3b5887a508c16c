import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import type { GpuDevice } from "../../src/gpu/gpu-device.ts";
import { readTensors } from "../../src/gpu/read-back.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { accumulate, accumulateAll } from "../../src/ops/accumulate/accumulate.ts";
import { gradientNorm } from "../../src/ops/gradient-norm/gradient-norm.ts";
import { sameData } from "../../src/ops/kernel.ts";
import { backendOptions } from "../ops/backends.ts";

let gpu: GpuDevice;

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

beforeEach(() => {
  gpu = runningGpu();
});

const SIZES = [1, 64, 65, 1000, 7];
const filled = (size: number, value: number) => new Float32Array(size).fill(value);

function fill(tensors: readonly Tensor[], valueOf: (i: number) => number): void {
  tensors.forEach((tensor, i) => gpu.write(tensor, filled(tensor.size, valueOf(i))));
}

describe("tensors that lie together", () => {
  it("share one buffer, each from a multiple of 256 bytes on, and start at zero", async () => {
    const before = gpu.bytesHeld;
    const tensors = gpu.together(SIZES.map((size) => [size]));
    expect(tensors.map((tensor) => gpu.placeOf(tensor)?.first)).toEqual([0, 64, 128, 256, 1280]);
    expect(gpu.bytesHeld - before).toBe(4 * 1344);
    expect((await readTensors(tensors)).map((values) => [...values])).toEqual(
      SIZES.map((size) => [...filled(size, 0)]),
    );
    for (const tensor of tensors) tensor.dispose();
  });

  it("are written and read each by itself", async () => {
    const tensors = gpu.together(SIZES.map((size) => [size]));
    fill(tensors, (i) => i + 1);
    const [own] = tensors;
    // What was recorded before a write reads the values before it.
    const copy = gpu.zeros([1]);
    accumulate(copy, own as Tensor);
    gpu.write(own as Tensor, Float32Array.of(9));
    expect([...((await readTensors([copy]))[0] ?? [])]).toEqual([1]);
    const values = await readTensors(tensors);
    expect(values.map((one) => [...one])).toEqual(SIZES.map((size, i) => [...filled(size, i === 0 ? 9 : i + 1)]));
    for (const held of [copy, ...tensors]) held.dispose();
  });

  it("free their buffer with the last of them, and what else has the same data", () => {
    const before = gpu.bytesHeld;
    const [first, second] = gpu.together([[100], [100]]) as [Tensor, Tensor];
    const held = gpu.bytesHeld;
    expect(held).toBeGreaterThan(before);
    const other = sameData(first);
    for (const tensor of [first, second]) tensor.dispose();
    expect(gpu.bytesHeld).toBe(held);
    gpu.release(other);
    expect(gpu.bytesHeld).toBe(before);
    expect(gpu.placeOf(other)).toBeNull();
  });

  it("go through one dispatch where they are neighbours, and through more where one is left out", async () => {
    const [sums, parts] = [gpu.together(SIZES.map((size) => [size])), gpu.together(SIZES.map((size) => [size]))];
    fill(sums, (i) => i);
    fill(parts, (i) => 10 * i);
    const pairs = sums.map((sum, i) => [sum, parts[i] as Tensor] as const);
    const dispatch = vi.spyOn(gpu, "dispatch");
    accumulateAll(pairs);
    expect(dispatch).toHaveBeenCalledTimes(1);
    accumulateAll(pairs.filter((_, i) => i !== 2));
    expect(dispatch).toHaveBeenCalledTimes(3);
    dispatch.mockRestore();
    const values = await readTensors(sums);
    expect(values.map(([value]) => value)).toEqual([0, 21, 22, 63, 84]);
    for (const held of [...sums, ...parts]) held.dispose();
  });

  it("have the norm of the same tensors in buffers of their own, without one that is left out", async () => {
    const gradients = gpu.together(SIZES.map((size) => [size]));
    fill(gradients, (i) => i + 1);
    for (const wanted of [gradients, gradients.filter((_, i) => i !== 3)]) {
      const squares = wanted.reduce((sum, { size }) => sum + size * (SIZES.indexOf(size) + 1) ** 2, 0);
      const { clip, readback } = gradientNorm([...wanted], 1);
      const [values] = await readTensors([readback]);
      expect(values?.[0]).toBeCloseTo(Math.sqrt(squares), 3);
      for (const held of [clip, readback]) held.dispose();
    }
    for (const tensor of gradients) tensor.dispose();
  });

  it("lie in several buffers of 128 MiB at most, a larger one alone", () => {
    const most = 2 ** 25;
    const tensors = gpu.together([[most - 64], [64], [64], [most + 64], [64]]);
    const places = tensors.map((tensor) => gpu.placeOf(tensor));
    expect(places.map((place) => place?.first)).toEqual([0, most - 64, 0, 0, 0]);
    expect(new Set(places.map((place) => place?.block)).size).toBe(4);
    for (const tensor of tensors) tensor.dispose();
  });
});
