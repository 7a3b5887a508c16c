import { memory, tensor, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Device, Precision, Values } from "./device.ts";
import type { CpuInternals, WasmInternals } from "./tfjs-internals.ts";

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** A backend in main memory, which computes at once. */
export abstract class HostDevice implements Device {
  abstract readonly kind: "wasm" | "cpu";
  readonly computes = true;
  readonly largestBinding = Infinity;
  readonly largestBuffer = Infinity;
  readonly mixes = false;
  precision: Precision = "float32";

  get bytesHeld(): number {
    return memory().numBytes;
  }

  upload(values: Values, shape: readonly number[]): Tensor {
    return tensor(values, [...shape], values instanceof Float32Array ? "float32" : "int32");
  }

  zeros(shape: readonly number[]): Tensor {
    return this.upload(new Float32Array(sizeOf(shape)), shape);
  }

  together(shapes: readonly (readonly number[])[]): Tensor[] {
    return shapes.map((shape) => this.zeros(shape));
  }

  write(tensor: Tensor, values: Values): void {
    this.view(tensor).set(values);
  }

  read(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
    return Promise.resolve(tensors.map((one) => new Float32Array(this.view(one))));
  }

  submit(): void {}

  done(): Promise<void> {
    return Promise.resolve();
  }

  reserve(): void {}

  orderFreeBuffers(): void {}

  /**
   * The values of a float tensor, as a view without a copy. On wasm a view is void as soon as anything is allocated (the
   * heap may move): allocate outputs first, then take views.
   */
  view(info: TensorInfo): Float32Array {
    const values = this.valuesOf(info);
    if (values instanceof Float32Array) return values;
    throw new Error(`A float32 tensor was expected, this one is ${info.dtype}.`);
  }

  /** Memory for a float tensor; what is in it is undefined on wasm. */
  abstract make(shape: readonly number[]): TensorInfo;

  protected abstract valuesOf(info: TensorInfo): Float32Array | Int32Array;
}

export class CpuDevice extends HostDevice {
  readonly kind = "cpu";

  constructor(private readonly backend: CpuInternals) {
    super();
  }

  make(shape: readonly number[]): TensorInfo {
    return this.backend.makeTensorInfo(shape, "float32", new Float32Array(sizeOf(shape)));
  }

  protected valuesOf({ dataId }: TensorInfo): Float32Array | Int32Array {
    return this.backend.data.get(dataId).values;
  }
}

/** Threads of the wasm backend: how many there may be, the caller's among them, and how another one is started. */
export interface WasmThreadOptions {
  count: number;
  start: (start: unknown) => void;
}

export class WasmDevice extends HostDevice {
  readonly kind = "wasm";
  /** The first kernel starts the threads; set again, it takes effect with `startThreads`. */
  threads: WasmThreadOptions = { count: 1, start: () => undefined };

  constructor(private readonly backend: WasmInternals) {
    super();
  }

  /** The memory that all its tensors lie in. */
  get memory(): WebAssembly.Memory {
    const { wasmMemory: shared, asm } = this.backend.wasm;
    const own = shared ?? asm?.memory;
    if (!own) throw new Error("The memory of tfjs-wasm was not found in its module.");
    return own;
  }

  /** Whether threads can work on its memory together. */
  get isShared(): boolean {
    return typeof SharedArrayBuffer !== "undefined" && this.memory.buffer instanceof SharedArrayBuffer;
  }

  make(shape: readonly number[]): TensorInfo {
    return this.backend.makeOutput(shape, "float32");
  }

  /** Where a tensor starts in the memory, in bytes. It never moves, unlike views. */
  pointer({ dataId }: TensorInfo): number {
    return this.backend.getMemoryOffset(dataId);
  }

  /** Lends `use` some memory, which is free again afterwards. */
  withScratch(bytes: number, use: (pointer: number) => void): void {
    const scratch = this.make([Math.ceil(bytes / 4)]);
    use(this.pointer(scratch));
    this.backend.disposeData(scratch.dataId);
  }

  protected valuesOf(info: TensorInfo): Float32Array | Int32Array {
    return this.backend.typedArrayFromHeap(info);
  }
}
