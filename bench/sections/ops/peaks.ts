import copyWgsl from "../../../src/run/machine/copy.wgsl?raw";
import type { DispatchTimer } from "../../meters/dispatch-timer.ts";
import multiplyWgsl from "../../../src/run/machine/multiply.wgsl?raw";

/** The peak rates of an adapter. */
export interface Peaks {
  /** Products in registers, GFLOP/s. */
  gflops: number;
  /** Plain copy of a buffer that no cache holds, GB/s read and written. */
  gbytes: number;
}

const THREADS = 256;
const ROUNDS = 64;
/** Operations of a thread: four vectors, 16 multiplications and 16 additions a product with a matrix. */
const THREAD_FLOPS = ROUNDS * 4 * 32;
const GROUPS = { software: 128, hardware: 16_384 };
const COPIED_BYTES = 64 * 2 ** 20;
const TURNS = 5;

/** Measures both on the device that `timer` was put on; the best of a few turns counts. */
export async function measurePeaks(device: GPUDevice, timer: DispatchTimer, isSoftware: boolean): Promise<Peaks> {
  const groups = isSoftware ? GROUPS.software : GROUPS.hardware;
  const numbers = 16 * THREADS * groups;
  const multiplying = await leastMs(device, timer, `const ROUNDS = ${ROUNDS}u;\n${multiplyWgsl}`, [numbers], groups);
  const copying = await leastMs(device, timer, copyWgsl, [COPIED_BYTES, COPIED_BYTES], COPIED_BYTES / 16 / THREADS);
  return {
    gflops: (THREAD_FLOPS * THREADS * groups) / multiplying / 1e6,
    gbytes: (2 * COPIED_BYTES) / copying / 1e6,
  };
}

async function leastMs(
  device: GPUDevice,
  timer: DispatchTimer,
  code: string,
  bytes: readonly number[],
  groups: number,
): Promise<number> {
  const module = device.createShaderModule({ code });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const buffers = bytes.map((size) => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  timer.start();
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  for (let turn = 0; turn < TURNS; turn++) pass.dispatchWorkgroups(groups);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const times = await timer.stop();
  for (const buffer of buffers) buffer.destroy();
  return Math.min(...times.map(({ ms }) => ms));
}
