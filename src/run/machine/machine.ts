import type { GpuDevice } from "../../gpu/gpu-device.ts";

/** What the pieces of a measurement share: the device, and what the first of them found for those after them. */
export interface Machine {
  gpu: GpuDevice;
  /** The same device as WebGPU has it, for work that our recorder does not do. */
  device: GPUDevice;
  /** Milliseconds that a wait takes when the GPU has nothing to do; 0 before it was measured. */
  idleMs: number;
  /** GFLOP/s of the products so far, to see whether a larger one fits its budget; null before one was measured. */
  gflops: number | null;
}

/** Milliseconds that some operations are expected to take; 0 where nothing is known yet. */
export function expectedMs({ gflops }: Pick<Machine, "gflops">, flops: number): number {
  return gflops === null ? 0 : flops / gflops / 1e6;
}
