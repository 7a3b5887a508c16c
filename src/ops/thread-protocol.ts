import type { PartKernel } from "./open-kernels.ts";

/** What a thread is given at its start. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: Int32Array;
  numbers: Float64Array;
}

/** Places in `control`. */
export const READY = 0;
/** Number of the job, and in the lowest bits how many threads take part: one word, so that both change at once. */
export const JOB = 1;
export const THREADS_MASK = 0xff;
export const LEFT = 2;
export const KERNEL = 3;
export const FAILED = 4;
/** Arguments of each thread in `numbers`: how many there are, and room for those of any kernel. */
export const ROOM = 32;

/** In the order in which `control` numbers them. */
export const KERNEL_NAMES: readonly PartKernel[] = [
  "multiply",
  "gelu",
  "throughGelu",
  "attention",
  "attentionGradient",
  "layerNorm",
  "layerNormGradient",
  "adamw",
];
