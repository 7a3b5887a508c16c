import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Place } from "./arenas.ts";
import type { Program, ProgramFeature, Uniform } from "./program.ts";
import type { SubgroupMatrices } from "./subgroup-matrices.ts";

/** Where tensors lie and are computed: one object for each backend that has started. `runningDevice` has the current one. */
export interface Device {
  /** What it is, or what an outline outlines. */
  readonly kind: "webgpu" | "wasm" | "cpu";
  /** On a GPU, which kernels it records; see `Recorder`. */
  readonly kernels?: KernelKind;
  /** False for an outline, whose tensors have sizes and no contents. */
  readonly computes: boolean;
  /** Bytes that a shader can bind at once; Infinity off the GPU. */
  readonly largestBinding: number;
  /** Bytes of the largest tensor; Infinity off the GPU. */
  readonly largestBuffer: number;
  /** Whether products can be computed in mixed precision. */
  readonly mixes: boolean;
  /** How products are recorded now: see `inPrecision`. */
  precision: Precision;
  /** Bytes allocated for tensors: on a GPU free buffers of the pool included, or in the backend's heap. */
  readonly bytesHeld: number;
  /** A new tensor of these values. On a GPU they are written at once and not kept in main memory. */
  upload(values: Values, shape: readonly number[]): Tensor;
  /** A new float tensor of zeros. */
  zeros(shape: readonly number[]): Tensor;
  /**
   * New float tensors of zeros, for what lives as long as a model or a run. On a GPU they lie side by side in few
   * buffers, each of which is freed with the last of its tensors.
   *
   * @throws Problem for a tensor that is larger than this GPU allows
   */
  together(shapes: readonly (readonly number[])[]): Tensor[];
  /** Writes values into a float tensor. What was recorded before still reads the old ones. */
  write(tensor: Tensor, values: Values): void;
  /** Values of float tensors as they are now, copies of one's own; zeros from an outline. */
  read(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]>;
  /** Sends what is recorded to the GPU, so that it begins; nothing happens where nothing is recorded. */
  submit(): void;
  /** Resolves when the device has done what was recorded, and has received what was uploaded. */
  done(): Promise<void>;
  /** Allocates `count` float tensors of this shape ahead, where freed memory waits for the next tensor of its size. */
  reserve(shape: readonly number[], count: number): void;
  /** Called before each training step and each batch of an evaluation: the same dispatches then find the same buffers. */
  orderFreeBuffers(): void;
}

export type Values = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/**
 * How products of matrices are computed: "float32", or "mixed", in which kernels round what they multiply to 16 bits
 * (float16) and add up in float32. Whatever else a step computes, and all that lies in memory, is float32 in both.
 */
export type Precision = "float32" | "mixed";

/** "gpu": threads of a workgroup share memory; "software": for adapters that run on the processor, which have nothing to share. */
export type KernelKind = "gpu" | "software";

/** A device for which kernels record WGSL: a GPU, or an outline, which leaves out what is dispatched. */
export interface Recorder extends Device {
  /** Which kernels it records, where an op has two kinds: a GPU and a software adapter are fast at different things. */
  readonly kernels: KernelKind;
  /** What was measured here of the products' tiles; empty before that. */
  tileSpeeds: readonly TileSpeed[];
  /** Whether it was opened with this feature. */
  hasFeature(feature: ProgramFeature): boolean;
  /** Products of small matrices that its subgroups compute; null where there are none that kernels use. */
  readonly matrices: SubgroupMatrices | null;
  /** The program of this key, made at the first call: for programs that depend on sizes. */
  program(key: string, make: () => Program): Program;
  /** A new, uninitialized tensor for a program to write; whoever calls this frees it, or returns it from the kernel. */
  output(shape: readonly number[], dtype?: "float32" | "int32"): TensorInfo;
  /** Where a tensor lies in a buffer that it shares with others; null for one that has its own. */
  placeOf(tensor: TensorInfo): Place | null;
  /** Frees an intermediate tensor that a kernel made with `output`. */
  release(info: TensorInfo): void;
  /**
   * Records one dispatch. Binding 0 is the uniform struct, 1…n are the tensors in their order. A dimension of
   * `workgroups` may exceed 65,535: the excess goes to z; the kernel reads `workgroup_id.x + workgroup_id.z * 65535`.
   * `work` is what the dispatch is estimated to cost; where it is not given, reading and writing all that is bound.
   *
   * @throws Problem for what is larger than this GPU binds at once; tables that may be come in parts (`partsOf`)
   */
  dispatch(
    program: Program,
    bound: readonly Bound[],
    uniforms: readonly Uniform[],
    workgroups: readonly [number, number?],
    work?: Work,
  ): void;
  /** Into how many dispatches an op should divide this work, so that none holds the GPU for too long: a power of two. */
  partsFor(work: Work): number;
  /** On an outline of wasm: counts the memory that our WebAssembly takes and frees within a call. */
  wasmScratch?(bytesOf: (threads: number) => number): void;
}

/** Estimated work of a dispatch. */
export interface Work {
  flops: number;
  /** Bytes read and written. */
  bytes: number;
}

/**
 * Some numbers of a tensor, bound as if they were all of it. `first` is a multiple of 64. Where the tensor shares a
 * buffer, the range may go on over those behind it.
 */
export interface Range {
  tensor: Tensor | TensorInfo;
  first: number;
  count: number;
}

/** What a dispatch binds: a tensor, or a range of one. */
export type Bound = Tensor | TensorInfo | Range;

/** What one tile of the matmul family reached, in GFLOP/s over the outputs of whole tiles. */
export interface TileSpeed {
  tile: string;
  product: "FORWARD" | "INPUT_GRADIENT" | "WEIGHT_GRADIENT";
  /** A GPU that is not filled by a product of few outputs may want smaller tiles for it. */
  size: "small" | "large";
  gflops: number;
}
