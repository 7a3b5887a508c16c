import {
  getBackend,
  KernelBackend,
  registerBackend,
  removeBackend,
  setBackend,
  type DataType,
  type Tensor,
  type TensorInfo,
} from "@tensorflow/tfjs-core";

type DataId = TensorInfo["dataId"];

/** Memory that tensors are placed in, reckoned without being allocated. */
export interface Space {
  /** Bytes that the memory has by now; it never shrinks. */
  readonly bytes: number;
  /** Places a tensor of so many bytes; returns what `give` is told to free it. */
  take(size: number): number;
  give(place: number): void;
}

/** What a device does with memory, as far as a plan must know. */
export interface OutlinedDevice {
  kind: "webgpu" | "wasm";
  space: Space;
}

/** What a tensor is for, where the plan counts it by itself. */
export type Purpose = "gradients" | "moments";

interface Outlined {
  size: number;
  references: number;
  /** Null until the tensor has memory. */
  place: number | null;
  purpose: Purpose | null;
}

/** The name under which tfjs knows the outline. */
export const OUTLINE = "outline";

/**
 * A tfjs backend whose tensors have sizes and no contents. The kernels of webgpu run on it: they make and free their
 * tensors, and what they dispatch is left out. So the code of a run tells what memory the run takes, on a machine
 * without a GPU too. What is read back is zeros.
 */
export class OutlineBackend extends KernelBackend {
  /** Bytes of tensors that are there now. */
  inUse = 0;
  /** Sizes of the first dimension → the most bytes that one such tensor has that a dispatch binds. */
  private readonly widest = new Map<number, number>();
  private readonly tensors = new Map<DataId, Outlined>();
  private readonly held: Record<Purpose, { now: number; most: number }> = {
    gradients: { now: 0, most: 0 },
    moments: { now: 0, most: 0 },
  };

  constructor(readonly device: OutlinedDevice) {
    super();
  }

  /** Bytes that the device holds, buffers that wait to be used again included: its peak, since none is destroyed. */
  get bytes(): number {
    return this.device.space.bytes;
  }

  /** The most bytes of one purpose that there were at once. */
  mostOf(purpose: Purpose): number {
    return this.held[purpose].most;
  }

  /** The bytes of one purpose that there are now. */
  nowOf(purpose: Purpose): number {
    return this.held[purpose].now;
  }

  /** The most bytes of a tensor with so many rows that a dispatch binds as a whole. */
  widestOf(rows: number): number {
    return this.widest.get(rows) ?? 0;
  }

  /** Counts tensors that are there as ones of this purpose, until they are disposed. */
  mark(purpose: Purpose, tensors: Iterable<TensorInfo>): void {
    const held = this.held[purpose];
    for (const { dataId } of tensors) {
      const own = this.find(dataId);
      if (own.purpose !== null) continue;
      own.purpose = purpose;
      held.now += own.size;
    }
    held.most = Math.max(held.most, held.now);
  }

  /** Called where a dispatch binds a tensor: on webgpu it gets its buffer then. */
  bind({ dataId, shape }: Pick<TensorInfo, "dataId" | "shape">, isWhole: boolean): void {
    const own = this.find(dataId);
    own.place ??= this.placed(own);
    const [rows = 0] = shape;
    if (isWhole) this.widest.set(rows, Math.max(this.widestOf(rows), own.size));
  }

  makeTensorInfo(shape: number[], dtype: DataType): TensorInfo {
    return { dataId: this.write(null, shape), shape, dtype };
  }

  override write(_values: unknown, shape: number[]): DataId {
    const dataId = {};
    // All tensors are float32 or int32.
    const own: Outlined = { size: 4 * shape.reduce((a, b) => a * b, 1), references: 1, place: null, purpose: null };
    this.tensors.set(dataId, own);
    if (this.device.kind === "wasm") own.place = this.placed(own);
    return dataId;
  }

  override incRef(dataId: DataId): void {
    this.find(dataId).references++;
  }

  override disposeData(dataId: DataId): boolean {
    const own = this.tensors.get(dataId);
    if (!own) return true;
    if (--own.references > 0) return false;
    this.tensors.delete(dataId);
    if (own.place === null) return true;
    this.inUse -= own.size;
    this.device.space.give(own.place);
    if (own.purpose) this.held[own.purpose].now -= own.size;
    return true;
  }

  override numDataIds(): number {
    return this.tensors.size;
  }

  override memory() {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override dispose(): void {
    this.tensors.clear();
  }

  private find(dataId: DataId): Outlined {
    const own = this.tensors.get(dataId);
    if (!own) throw new Error("A tensor of another backend was used in an outline.");
    return own;
  }

  private placed({ size }: Outlined): number {
    this.inUse += size;
    return this.device.space.take(size);
  }
}

let running: OutlineBackend | null = null;

/** The outline where one runs, else null. */
export function runningOutline(): OutlineBackend | null {
  return running !== null && getBackend() === OUTLINE ? running : null;
}

/** Counts tensors for the plan where an outline runs; else nothing happens. Returns the tensor. */
export function marked(purpose: Purpose, tensor: Tensor): Tensor {
  runningOutline()?.mark(purpose, [tensor]);
  return tensor;
}

/** What our WebAssembly packs its operands into, and frees at once: so that an outline of wasm has room for it. */
export function scratchInOutline(bytes: number): void {
  const outline = runningOutline();
  if (outline?.device.kind !== "wasm") return;
  const { space } = outline.device;
  space.give(space.take(bytes));
}

/** Settles when the outline before is done: there is one engine, so one at a time. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` on an outline of a device, and makes the backend current again that was current before. tfjs has one
 * current backend for everything, so nothing else may run meanwhile: `work` waits for nothing but what is settled
 * already. Reading back, `nextTask` and `uploadsDone` come back at once on an outline; files must not be read.
 * JavaScript begins no other task, such as a message to a worker, before all settled promises are followed up.
 */
export function inOutline<T>(device: OutlinedDevice, work: (outline: OutlineBackend) => Promise<T>): Promise<T> {
  const result = turn.then(async () => {
    const before = getBackend();
    const outline = new OutlineBackend(device);
    registerBackend(OUTLINE, () => outline, 0);
    // A backend that starts without waiting is current when this returns.
    void setBackend(OUTLINE);
    running = outline;
    try {
      return await work(outline);
    } finally {
      running = null;
      removeBackend(OUTLINE);
      if (before) void setBackend(before);
    }
  });
  turn = result.catch(() => undefined);
  return result;
}
