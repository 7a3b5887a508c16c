import { copyRegisteredKernels, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findAdapter } from "../../src/gpu/adapter.ts";
import { openGpu, startBackend } from "../../src/gpu/backend.ts";
import type { GpuDevice } from "../../src/gpu/gpu-device.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { accumulate } from "../../src/ops/accumulate/accumulate.ts";
import { deviceTensor, deviceZeros } from "../../src/ops/device-tensor.ts";
import { linear } from "../../src/ops/linear/linear.ts";
import { DIRECT } from "../../src/ops/linear/tiles.ts";
import { Problem } from "../../src/problem/problem.ts";
import { backendOptions } from "../ops/backends.ts";

/** A device under a name of its own, and what it was asked for. */
interface Opened {
  name: string;
  gpu: GpuDevice;
  device: GPUDevice;
  /** Labels of its pipelines, and its uniform buffers. */
  pipelines: string[];
  uniformBuffers: GPUBuffer[];
}

/** Notes what a device makes. */
function watched(device: GPUDevice): Pick<Opened, "pipelines" | "uniformBuffers"> {
  const pipelines: string[] = [];
  const uniformBuffers: GPUBuffer[] = [];
  const createPipeline = device.createComputePipeline.bind(device);
  device.createComputePipeline = (descriptor) => {
    pipelines.push(descriptor.label ?? "");
    return createPipeline(descriptor);
  };
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    if (descriptor.usage & GPUBufferUsage.UNIFORM) uniformBuffers.push(buffer);
    return buffer;
  };
  return { pipelines, uniformBuffers };
}

async function open(name: string): Promise<Opened> {
  const adapter = await findAdapter();
  if (!adapter) throw new Error("No WebGPU adapter was found.");
  const made: Pick<Opened, "device" | "pipelines" | "uniformBuffers">[] = [];
  const { backend, gpu } = await openGpu(adapter, {
    wrapDevice(device) {
      made.push({ device, ...watched(device) });
      return device;
    },
  });
  const [one] = made;
  if (!one) throw new Error("The device was not shown.");
  copyRegisteredKernels("webgpu", name);
  registerBackend(name, () => backend);
  return { name, gpu, ...one };
}

const filled = (value: number) => deviceTensor(new Float32Array(64).fill(value), [8, 8]);

let first: Opened;
let second: Opened;

beforeAll(async () => {
  first = await open("first");
  second = await open("second");
});

afterAll(() => {
  for (const { name } of [first, second]) removeBackend(name);
});

describe("two devices in one process", () => {
  it("each compile their programs, and have uniforms of their own while both record", async () => {
    await setBackend("first");
    expect(runningGpu()).toBe(first.gpu);
    const [sum, x] = [deviceZeros([8, 8]), filled(5)];
    await first.gpu.done();
    // Recorded and not sent: the factor waits in the slots of this device.
    accumulate(sum, x, { factor: 2 });
    expect(first.pipelines).toEqual(["accumulate{}"]);

    await setBackend("second");
    expect(runningGpu()).toBe(second.gpu);
    expect(second.pipelines).toEqual([]);
    const [otherSum, otherX] = [deviceZeros([8, 8]), filled(7)];
    await second.gpu.done();
    accumulate(otherSum, otherX, { factor: 3 });
    expect(second.pipelines).toEqual(["accumulate{}"]);

    await setBackend("first");
    accumulate(sum, x, { factor: 10 });
    expect(await readTensor(sum)).toEqual(new Float32Array(64).fill(60));
    await setBackend("second");
    expect(await readTensor(otherSum)).toEqual(new Float32Array(64).fill(21));

    expect([first.pipelines.length, second.pipelines.length]).toEqual([1, 1]);
    expect([first.uniformBuffers.length, second.uniformBuffers.length]).toEqual([1, 1]);
    expect(first.uniformBuffers[0]).not.toBe(second.uniformBuffers[0]);
  });

  it("have limits of their own", async () => {
    await setBackend("first");
    first.gpu.limitBindings(128);
    const [x, weight, bias] = [filled(1), filled(2), deviceZeros([8])];
    expect(() => linear(x, weight, bias, 8)).toThrow(Problem);
    await setBackend("second");
    expect(second.gpu.largestBinding).toBeGreaterThan(128);
    const y = linear(filled(1), filled(2), deviceZeros([8]), 8);
    expect(await readTensor(y)).toEqual(new Float32Array(64).fill(16));
    first.gpu.limitBindings(Infinity);
  });

  it("take the tiles that were measured on them", async () => {
    await setBackend("first");
    first.gpu.tileSpeeds = [{ tile: DIRECT.name, product: "FORWARD", size: "large", gflops: 1 }];
    const before = second.pipelines.length;
    linear(filled(1), filled(2), deviceZeros([8]), 8);
    expect(first.pipelines.at(-1)).toContain(DIRECT.name);
    await setBackend("second");
    expect(second.gpu.tileSpeeds).toEqual([]);
    linear(filled(1), filled(2), deviceZeros([8]), 8);
    expect(second.pipelines.slice(before).some((label) => label.includes(DIRECT.name))).toBe(false);
  });

  it("measure their own work", async () => {
    await setBackend("first");
    const before = first.gpu.pace.limit;
    await setBackend("second");
    accumulate(deviceZeros([8, 8]), filled(1));
    await readTensor(filled(1));
    expect(second.gpu.pace.limit).not.toBe(before);
    expect(first.gpu.pace.limit).toBe(before);
  });

  it("throw their own errors", async () => {
    const reported = new Promise((resolve) => first.device.addEventListener("uncapturederror", resolve));
    first.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
    // Chromium sends what was asked for with the next submission.
    await Promise.all([reported, first.device.queue.onSubmittedWorkDone()]);
    await setBackend("second");
    expect(await readTensor(filled(3))).toEqual(new Float32Array(64).fill(3));
    await setBackend("first");
    await expect(readTensor(filled(3))).rejects.toThrow(Problem);
    expect(await readTensor(filled(4))).toEqual(new Float32Array(64).fill(4));
  });
});

it("a device that is lost leaves nothing to the next one", async () => {
  const devices: GPUDevice[] = [];
  const start = () =>
    startBackend("webgpu", {
      ...backendOptions,
      wrapDevice(device) {
        devices.push(device);
        return device;
      },
    });
  const compute = () => readTensor(linear(filled(1), filled(2), deviceZeros([8]), 8));
  const expected = new Float32Array(64).fill(16);
  await start();
  const lost = runningGpu();
  lost.tileSpeeds = [{ tile: DIRECT.name, product: "FORWARD", size: "large", gflops: 1 }];
  expect(await compute()).toEqual(expected);
  // Work is recorded when it happens.
  accumulate(filled(1), filled(2));
  devices[0]?.destroy();
  await devices[0]?.lost;
  await expect(compute()).rejects.toThrow();

  await start();
  expect(runningGpu()).not.toBe(lost);
  expect(runningGpu().tileSpeeds).toEqual([]);
  expect(await compute()).toEqual(expected);
  expect(await compute()).toEqual(expected);
});
