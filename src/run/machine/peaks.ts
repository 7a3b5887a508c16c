import { createRandom } from "../../data/random.ts";
import type { Budget } from "./budget.ts";
import chainWgsl from "./chain.wgsl?raw";
import copyWgsl from "./copy.wgsl?raw";
import type { Machine } from "./machine.ts";
import multiplyWgsl from "./multiply.wgsl?raw";
import { timeWork } from "./time-work.ts";
import { computePipeline } from "./waits.ts";

const THREADS = 256;
const ROUNDS = 64;
/** Operations of a thread: four vectors, 16 multiplications and 16 additions for each product with a matrix. */
const THREAD_FLOPS = ROUNDS * 4 * 32;
const GROUPS = { software: 128, gpu: 16_384 };
/** Share of this peak that products reach at least, on most adapters. */
const PRODUCT_SHARE = 0.3;
const COPIED_BYTES = 64 * 2 ** 20;
const CHAIN_BYTES = [1, 8, 64].map((megabytes) => megabytes * 2 ** 20);
const LOADS = 4096;
/** Bytes of a cache's line, as most GPUs have them. */
const LINE = 64;

/**
 * What the adapter can do at most: products in registers in GFLOP/s, a plain copy in GB/s (read and written), and the
 * nanoseconds of one load in a serial chain over 1, 8 and 64 MB, which is what sums over many rows wait for.
 */
export async function measurePeaks(machine: Machine, budget: Budget): Promise<unknown> {
  const groups = GROUPS[machine.gpu.kernels];
  const multiply = { code: `const ROUNDS = ${ROUNDS}u;\n${multiplyWgsl}`, groups };
  const multiplying = await timeShader(machine, budget, multiply, [16 * THREADS * groups]);
  if (typeof multiplying !== "string") {
    // A first guess for what is estimated before a product was measured.
    machine.gflops ??= (PRODUCT_SHARE * THREAD_FLOPS * THREADS * groups) / multiplying / 1e6;
  }
  const copy = { code: copyWgsl, groups: COPIED_BYTES / 16 / THREADS };
  const copying = await timeShader(machine, budget, copy, [COPIED_BYTES, COPIED_BYTES]);
  const chains = [];
  for (const bytes of CHAIN_BYTES) {
    const chain = { code: `const LOADS = ${LOADS}u;\n${chainWgsl}`, groups: 1 };
    const ms = await timeShader(machine, budget, chain, [bytes, 4], cycleOver(bytes));
    chains.push({ bytes, nsPerLoad: typeof ms === "string" ? ms : (1e6 * ms) / LOADS });
  }
  return {
    gflops: typeof multiplying === "string" ? multiplying : (THREAD_FLOPS * THREADS * groups) / multiplying / 1e6,
    gbytes: typeof copying === "string" ? copying : (2 * COPIED_BYTES) / copying / 1e6,
    chains,
  };
}

/** Milliseconds of a shader over buffers of these sizes, bound in order; the first begins with `values`. */
async function timeShader(
  { device, idleMs }: Machine,
  budget: Budget,
  { code, groups }: { code: string; groups: number },
  bytes: readonly number[],
  values?: Uint32Array<ArrayBuffer>,
): Promise<number | string> {
  if (!budget.fits()) return budget.reason;
  const pipeline = computePipeline(device, code);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffers = bytes.map((size) => device.createBuffer({ size, usage }));
  const [first] = buffers;
  if (values && first) device.queue.writeBuffer(first, 0, values);
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const record = () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
  try {
    const time = await timeWork({ done: () => device.queue.onSubmittedWorkDone() }, record, { idleMs, budget });
    return typeof time === "string" ? time : time.ms;
  } finally {
    for (const buffer of buffers) buffer.destroy();
  }
}

/** Places of numbers in a buffer, each the next one's: one cycle through all lines in random order (Sattolo 1986). */
export function cycleOver(bytes: number): Uint32Array<ArrayBuffer> {
  const step = LINE / 4;
  const lines = bytes / LINE;
  const order = Uint32Array.from({ length: lines }, (_, i) => i);
  const random = createRandom(1);
  for (let i = lines - 1; i > 0; i--) {
    const j = Math.floor(random() * i);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  const places = new Uint32Array(bytes / 4);
  for (let i = 0; i < lines; i++) places[step * i] = step * (order[i] ?? 0);
  return places;
}
