type Kernel = (...numbers: number[]) => void;

/** What `kernels.as` exports; each is described there. */
export interface WasmKernels {
  multiply: Kernel;
  columnSums: Kernel;
  repeatRow: Kernel;
  gelu: Kernel;
  throughGelu: Kernel;
  geluNew: Kernel;
  throughGeluNew: Kernel;
  gatedGelu: Kernel;
  gatedGeluGradient: Kernel;
  addScaled: Kernel;
  attention: Kernel;
  attentionGradient: Kernel;
  layerNorm: Kernel;
  layerNormGradient: Kernel;
  layerNormParameters: Kernel;
  adamw: Kernel;
  adamwRows: Kernel;
  sumOfSquares: (x: number, count: number) => number;
}

/** A kernel that can run on parts of its work side by side. */
export type PartKernel = Exclude<keyof WasmKernels, "sumOfSquares">;

/** One function: f32x4.relaxed_madd of three vectors made of zero (opcode 0x105 of the relaxed SIMD proposal). */
const RELAXED_PROBE = [
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 19, 1, 17, 0, 0x41, 0, 0xfd, 17, 0x41, 0, 0xfd, 17, 0x41, 0, 0xfd, 17, 0xfd, 0x85, 2, 11],
];

/** Whether this engine has relaxed SIMD: Chromium since 114, Node since 21 (and 20 by a flag that the programs set). */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(Uint8Array.from(RELAXED_PROBE));
}

/** The kernels of a compiled `kernels.as`, on a memory of the kind that it was compiled for. */
export function openKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): WasmKernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
  return exports as unknown as WasmKernels;
}

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
/** Numbers of each thread in `numbers`: how many arguments there are, and space for those of any kernel. */
export const ARGUMENTS = 32;

/** How long a thread looks at a word before it sleeps: waking one takes longer than most gaps between two kernels. */
const LOOKS = 20_000;

/** Waits until the word of `control` at `place` is not `value` any more, at first without giving up the core. */
export function waitWhile(control: Int32Array, place: number, value: number): void {
  for (let look = 0; look < LOOKS; look++) if (Atomics.load(control, place) !== value) return;
  Atomics.wait(control, place, value);
}

/** In the order in which `control` numbers them. */
export const KERNEL_NAMES: readonly PartKernel[] = [
  "multiply",
  "gelu",
  "throughGelu",
  "geluNew",
  "throughGeluNew",
  "gatedGelu",
  "gatedGeluGradient",
  "addScaled",
  "attention",
  "attentionGradient",
  "layerNorm",
  "layerNormGradient",
  "adamw",
  "adamwRows",
];
