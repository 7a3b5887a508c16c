import { spreadOf } from "../../metrics/spread.ts";
import type { Budget } from "./budget.ts";
import type { Machine } from "./machine.ts";

const WAITS = 50;
const DISPATCHES = 1000;
const TURNS = 5;
/** Dispatches of our longest submissions. */
const PER_SUBMISSION = 64;

/**
 * What it takes to hear from an idle GPU, in milliseconds: until its queue says that it is done, and until a number that
 * one dispatch wrote can be read. Some browsers answer by a timer of 100 ms.
 */
export async function measureWaits(machine: Machine, budget: Budget): Promise<unknown> {
  const { device } = machine;
  await machine.gpu.done();
  const timed = (wait: () => Promise<unknown>) => async () => {
    const start = budget.clock();
    await wait();
    return budget.clock() - start;
  };
  const idle = spreadOf(
    await budget.repeat(
      WAITS,
      timed(() => device.queue.onSubmittedWorkDone()),
    ),
  );
  machine.idleMs = idle?.median ?? 0;
  const written = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const mapped = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const pipeline = computePipeline(
    device,
    "@group(0) @binding(0) var<storage, read_write> one: u32; @compute @workgroup_size(1) fn main() { one += 1u; }",
  );
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: written } }],
  });
  const read = await budget.repeat(
    WAITS,
    timed(async () => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(1);
      pass.end();
      encoder.copyBufferToBuffer(written, 0, mapped, 0, 4);
      device.queue.submit([encoder.finish()]);
      await mapped.mapAsync(GPUMapMode.READ);
      mapped.unmap();
    }),
  );
  written.destroy();
  mapped.destroy();
  return { idleMs: idle ?? budget.reason, dispatchAndReadMs: spreadOf(read) ?? budget.reason };
}

/**
 * 1,000 dispatches of nothing: in one pass, in submissions of 64, and in a pass each. Milliseconds until JavaScript is
 * free again and until the GPU is done, of the fastest of a few turns.
 */
export async function measureDispatches({ device, idleMs }: Machine, budget: Budget): Promise<unknown> {
  const pipeline = computePipeline(device, "@compute @workgroup_size(64) fn main() {}");
  /** @param perPass dispatches of a pass @param perSubmission passes of a submission */
  const record = (perPass: number, perSubmission: number) => {
    let encoder = device.createCommandEncoder();
    let passes = 0;
    for (let done = 0; done < DISPATCHES; done += perPass) {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      for (let i = done; i < Math.min(DISPATCHES, done + perPass); i++) pass.dispatchWorkgroups(1);
      pass.end();
      if (++passes < perSubmission) continue;
      device.queue.submit([encoder.finish()]);
      encoder = device.createCommandEncoder();
      passes = 0;
    }
    device.queue.submit([encoder.finish()]);
  };
  const measure = async (perPass: number, perSubmission: number) => {
    const turns = await budget.repeat(TURNS, async () => {
      const start = budget.clock();
      record(perPass, perSubmission);
      const jsMs = budget.clock() - start;
      await device.queue.onSubmittedWorkDone();
      return { jsMs, ms: Math.max(0, budget.clock() - start - idleMs) };
    });
    if (turns.length === 0) return budget.reason;
    return {
      count: DISPATCHES,
      jsMs: Math.min(...turns.map(({ jsMs }) => jsMs)),
      ms: Math.min(...turns.map(({ ms }) => ms)),
    };
  };
  return {
    onePass: await measure(DISPATCHES, 1),
    by64: await measure(PER_SUBMISSION, 1),
    aPassEach: await measure(1, DISPATCHES),
  };
}

/** A compute pipeline of a shader of one entry point, `main`. */
export function computePipeline(device: GPUDevice, code: string): GPUComputePipeline {
  const module = device.createShaderModule({ code });
  return device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
}
