/**
 * The one border with the internals of tfjs's backends (4.22.0). Everything that is private there and needed here is
 * named in these interfaces; a new version of tfjs is checked against this file alone.
 */
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";

type DataId = TensorInfo["dataId"];

/** The parts of `WebGPUBackend` (tfjs-backend-webgpu/dist/backend_webgpu.js) that recording a dispatch touches. */
export interface WebGpuInternals {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: { get(dataId: DataId): TensorData };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GPUBuffer;
    /** With `reuse` it waits for the next of its size and usage, else it is destroyed. */
    releaseBuffer(buffer: GPUBuffer, reuse: boolean): void;
    /** By size and usage; the last of a list is the next to be used. */
    readonly freeBuffers: ReadonlyMap<string, GPUBuffer[]>;
    readonly numBytesAllocated: number;
  };
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  uploadToGPU(dataId: DataId): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  /** Throws when nothing was recorded. */
  submitQueue(): void;
  makeTensorInfo(shape: readonly number[], dtype: DataType): TensorInfo;
  /** False where other tensors have the same data. */
  disposeData(dataId: DataId, force?: boolean): boolean;
}

interface TensorData {
  resource: GPUBuffer | null;
  refCount: number;
  /** Set where the resource is not tfjs's to free. */
  external?: boolean;
}

/** The parts of `BackendWasm` (tfjs-backend-wasm/dist/backend_wasm.js) that kernels of our own touch. */
export interface WasmInternals {
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): Float32Array | Int32Array;
  getMemoryOffset(dataId: DataId): number;
  disposeData(dataId: DataId): boolean;
  /** Emscripten's module: the build with threads has its memory under the first name, the others under the second. */
  readonly wasm: { readonly wasmMemory?: WebAssembly.Memory; readonly asm?: { readonly memory: WebAssembly.Memory } };
}

/** The parts of `MathBackendCPU` (tfjs-backend-cpu/dist/backend_cpu.js) that plain loops over values touch. */
export interface CpuInternals {
  makeTensorInfo(shape: readonly number[], dtype: DataType, values: Float32Array): TensorInfo;
  readonly data: { get(dataId: DataId): { values: Float32Array | Int32Array } };
}
