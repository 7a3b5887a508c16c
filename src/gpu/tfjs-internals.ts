/**
 * The one border with the internals of tfjs's backends (4.22.0). Everything that is private there and needed here is
 * named in these interfaces; a new version of tfjs is checked against this file alone.
 */
import { backend, getBackend, type DataType, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";

type DataId = TensorInfo["dataId"];

/** The parts of `WebGPUBackend` (tfjs-backend-webgpu/dist/backend_webgpu.js) that recording a dispatch touches. */
export interface WebGpuInternals {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: { get(dataId: DataId): { resource: GPUBuffer | null; refCount: number } };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GPUBuffer;
    /** By size and usage; the last of a list is the next to be taken. */
    readonly freeBuffers: ReadonlyMap<string, GPUBuffer[]>;
    readonly numBytesAllocated: number;
  };
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  uploadToGPU(dataId: DataId): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  /** Throws when nothing was recorded. */
  submitQueue(): void;
  makeTensorInfo(shape: number[], dtype: DataType): TensorInfo;
  incRef(dataId: DataId): void;
  disposeData(dataId: DataId): boolean;
}

/** The parts of `BackendWasm` (tfjs-backend-wasm/dist/backend_wasm.js) that kernels of our own touch. */
interface WasmInternals {
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): Float32Array | Int32Array;
  getMemoryOffset(dataId: DataId): number;
  incRef(dataId: DataId): void;
  disposeData(dataId: DataId): boolean;
  /** Emscripten's module: the build with threads tells its memory under the first name, the others under the second. */
  readonly wasm: { readonly wasmMemory?: WebAssembly.Memory; readonly asm?: { readonly memory: WebAssembly.Memory } };
}

interface CpuInternals {
  makeTensorInfo(shape: number[], dtype: DataType, values: Float32Array): TensorInfo;
  data: { get(dataId: DataId): { values: Float32Array | Int32Array } };
}

/** The running webgpu backend. Throws when another one runs. */
export function webGpu(): WebGpuInternals {
  if (getBackend() !== "webgpu") throw new Error(`The webgpu backend was expected to run, ${getBackend()} does.`);
  return backend() as unknown as WebGpuInternals;
}

function wasm(): WasmInternals {
  if (getBackend() !== "wasm") throw new Error(`The wasm backend was expected to run, ${getBackend()} does.`);
  return backend() as unknown as WasmInternals;
}

/** The memory that all tensors of the wasm backend lie in. */
export function wasmMemory(): WebAssembly.Memory {
  const { wasmMemory: shared, asm } = wasm().wasm;
  const memory = shared ?? asm?.memory;
  if (!memory) throw new Error("tfjs-wasm does not tell its memory.");
  return memory;
}

/** Whether threads can work on a memory together. */
export function isShared({ buffer }: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== "undefined" && buffer instanceof SharedArrayBuffer;
}

/** Where a tensor of the wasm backend starts in its memory, in bytes. It never moves, unlike views. */
export function wasmPointer({ dataId }: TensorInfo): number {
  return wasm().getMemoryOffset(dataId);
}

/** The same data under another tensor, to be disposed by itself. */
export function sameData({ dataId, shape, dtype }: TensorInfo): TensorInfo {
  backend().incRef(dataId);
  return { dataId, shape, dtype };
}

/** Lends `use` memory of the wasm backend, which is free again afterwards. */
export function withWasmScratch(bytes: number, use: (pointer: number) => void): void {
  const scratch = makeHostTensor([Math.ceil(bytes / 4)]);
  use(wasmPointer(scratch));
  wasm().disposeData(scratch.dataId);
}

/**
 * The values of a float tensor on `wasm` or `cpu`, as a view without a copy. On `wasm` a view is void as soon as
 * anything is allocated (the heap may move): allocate outputs first, then take views.
 */
export function hostView(tensor: Tensor | TensorInfo): Float32Array {
  const values =
    getBackend() === "wasm"
      ? (backend() as unknown as WasmInternals).typedArrayFromHeap(tensor)
      : (backend() as unknown as CpuInternals).data.get(tensor.dataId).values;
  if (values instanceof Float32Array) return values;
  throw new Error(`A float32 tensor was expected, this one is ${tensor.dtype}.`);
}

/** Memory for a float tensor on `wasm` or `cpu`; what is in it is undefined on wasm. */
export function makeHostTensor(shape: number[]): TensorInfo {
  if (getBackend() === "wasm") return (backend() as unknown as WasmInternals).makeOutput(shape, "float32");
  const size = shape.reduce((a, b) => a * b, 1);
  return (backend() as unknown as CpuInternals).makeTensorInfo(shape, "float32", new Float32Array(size));
}
