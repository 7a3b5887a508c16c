import {
  engine,
  getBackend,
  KernelBackend,
  registerBackend,
  removeBackend,
  setBackend,
  type Tensor,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { Arenas, type Place } from "./arenas.ts";
import type { Bound, KernelKind, Precision, Recorder, TileSpeed, Values } from "./device.ts";
import { GpuDevice } from "./gpu-device.ts";
import { WasmDevice } from "./host-device.ts";
import { spaceOf, type Space } from "./outline-memory.ts";
import { labelOf, type Program, type ProgramFeature } from "./program.ts";
import { runningDevice, setDevice } from "./running.ts";
import type { SubgroupMatrices } from "./subgroup-matrices.ts";

type DataId = TensorInfo["dataId"];

/** What a tensor is for, where the plan counts it by itself. */
type Purpose = "gradients" | "moments";

interface Outlined {
  bytes: number;
  references: number;
  /** Null until the tensor has memory. */
  place: number | null;
  purpose: Purpose | null;
}

/** What a plan of webgpu outlines where no GPU runs. */
const ANY_GPU: OutlinedGpu = {
  kernels: "gpu",
  tileSpeeds: [],
  matrices: null,
  mixes: false,
  hasFeature: () => false,
};

/** What decides which programs, and so which tensors, a GPU records. */
type OutlinedGpu = Pick<Recorder, "kernels" | "tileSpeeds" | "hasFeature" | "matrices" | "mixes">;

/** The name under which tfjs knows the outline. */
export const OUTLINE = "outline";

/**
 * A device whose tensors have sizes and no contents. The kernels of webgpu run on it: they make and free their tensors,
 * and what they dispatch is left out. So the code of a run shows what memory the run takes, on a machine without a GPU
 * too. What is read back is zeros.
 */
export class Outline implements Recorder {
  readonly computes = false;
  readonly largestBinding: number;
  readonly largestBuffer = Infinity;
  readonly kernels: KernelKind;
  readonly tileSpeeds: readonly TileSpeed[];
  readonly mixes: boolean;
  readonly matrices: SubgroupMatrices | null;
  precision: Precision = "float32";
  /** The programs that were dispatched, where the outline is of a GPU that is there to compile them. */
  readonly dispatched = new Map<string, Program>();
  /** Bytes of the tensors that exist now. */
  inUse = 0;
  private readonly space: Space;
  private readonly arenas = new Arenas<number>({
    allocate: (bytes) => this.space.allocate(bytes),
    free: (place) => this.space.destroy(place),
  });
  private readonly tensors = new Map<DataId, Outlined>();
  /** By size of the first dimension, the most bytes of one such tensor that a dispatch binds. */
  private readonly widest = new Map<number, number>();
  private readonly held: Record<Purpose, { now: number; most: number }> = {
    gradients: { now: 0, most: 0 },
    moments: { now: 0, most: 0 },
  };

  /**
   * @param outlined the GPU that is outlined
   * @param threads those that wasm has
   * @param ended resolves when `inOutline` is done with it
   * @param like a GPU whose programs are to be listed: the outline then chooses them as the GPU does
   */
  constructor(
    readonly kind: "webgpu" | "wasm",
    private readonly outlined: OutlinedGpu,
    private readonly threads: number,
    readonly ended: Promise<void>,
    private readonly like: GpuDevice | null,
  ) {
    this.kernels = outlined.kernels;
    this.tileSpeeds = outlined.tileSpeeds;
    this.matrices = outlined.matrices;
    this.mixes = kind === "webgpu" && outlined.mixes;
    this.largestBinding = like?.largestBinding ?? Infinity;
    this.space = spaceOf(kind);
  }

  /** Bytes that the device holds, buffers that wait to be used again included: its peak, since none is destroyed. */
  get bytesHeld(): number {
    return this.space.bytes;
  }

  /** The most bytes of one purpose that there were at once. */
  mostOf(purpose: Purpose): number {
    return this.held[purpose].most;
  }

  /** The bytes of one purpose that there are now. */
  nowOf(purpose: Purpose): number {
    return this.held[purpose].now;
  }

  /** The most bytes that a dispatch binds of one tensor with this number of rows, as a whole. */
  widestOf(rows: number): number {
    return this.widest.get(rows) ?? 0;
  }

  /** Counts these tensors as ones of this purpose until they are disposed. */
  mark(purpose: Purpose, tensors: Iterable<TensorInfo>): void {
    const held = this.held[purpose];
    for (const { dataId } of tensors) {
      const own = this.find(dataId);
      if (own.purpose !== null) continue;
      own.purpose = purpose;
      held.now += own.bytes;
    }
    held.most = Math.max(held.most, held.now);
  }

  upload(values: Values, shape: readonly number[]): Tensor {
    return this.placed(shape, values instanceof Float32Array ? "float32" : "int32");
  }

  zeros(shape: readonly number[]): Tensor {
    return this.placed(shape, "float32");
  }

  together(shapes: readonly (readonly number[])[]): Tensor[] {
    if (this.kind === "wasm") return shapes.map((shape) => this.zeros(shape));
    const infos = shapes.map((shape) => this.output(shape));
    this.arenas.add(infos, this.largestBuffer);
    for (const { dataId } of infos) this.inUse += this.find(dataId).bytes;
    return infos.map((info) => engine().makeTensorFromTensorInfo(info));
  }

  write(): void {}

  placeOf(tensor: TensorInfo): Place | null {
    return this.arenas.placeOf(tensor);
  }

  read(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
    return Promise.resolve(tensors.map(({ size }) => new Float32Array(size)));
  }

  submit(): void {}

  done(): Promise<void> {
    return Promise.resolve();
  }

  orderFreeBuffers(): void {}

  reserve(shape: readonly number[], count: number): void {
    if (this.kind !== "webgpu") return;
    const all = Array.from({ length: count }, () => this.zeros(shape));
    for (const one of all) one.dispose();
  }

  hasFeature(feature: ProgramFeature): boolean {
    return this.outlined.hasFeature(feature);
  }

  program(key: string, make: () => Program): Program {
    return this.like?.program(key, make) ?? { name: key, wgsl: "" };
  }

  output(shape: readonly number[], dtype: "float32" | "int32" = "float32"): TensorInfo {
    return { dataId: this.add(shape), shape: [...shape], dtype };
  }

  release({ dataId }: TensorInfo): void {
    this.remove(dataId);
  }

  /** All that is left of a dispatch is its program, and that its tensors have memory from then on. */
  dispatch(program: Program, bound: readonly Bound[]): void {
    if (this.like) this.dispatched.set(labelOf(program), program);
    for (const one of bound) {
      if ("tensor" in one) {
        this.place(one.tensor);
        continue;
      }
      const [rows = 0] = one.shape;
      this.widest.set(rows, Math.max(this.widestOf(rows), this.place(one).bytes));
    }
  }

  partsFor(): number {
    return 1;
  }

  wasmScratch(bytesOf: (threads: number) => number): void {
    if (this.kind === "wasm") this.space.free(this.space.allocate(bytesOf(this.threads)));
  }

  /** Adds the data of a tensor. On wasm it has memory at once, on webgpu from when a dispatch first binds it. */
  add(shape: readonly number[]): DataId {
    const dataId = {};
    // All tensors are float32 or int32.
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    this.tensors.set(dataId, { bytes, references: 1, place: null, purpose: null });
    if (this.kind === "wasm") this.place({ dataId });
    return dataId;
  }

  refer(dataId: DataId): void {
    this.find(dataId).references++;
  }

  /** Drops one reference; false where others are left. */
  remove(dataId: DataId): boolean {
    const own = this.tensors.get(dataId);
    if (!own) return true;
    if (--own.references > 0) return false;
    this.tensors.delete(dataId);
    const isShared = this.arenas.placeOf({ dataId }) !== null;
    if (own.place === null && !isShared) return true;
    this.inUse -= own.bytes;
    if (isShared) this.arenas.remove(dataId);
    else if (own.place !== null) this.space.free(own.place);
    if (own.purpose) this.held[own.purpose].now -= own.bytes;
    return true;
  }

  get count(): number {
    return this.tensors.size;
  }

  private placed(shape: readonly number[], dtype: "float32" | "int32"): Tensor {
    const info = this.output(shape, dtype);
    this.place(info);
    return engine().makeTensorFromTensorInfo(info);
  }

  private place({ dataId }: Pick<TensorInfo, "dataId">): Outlined {
    const own = this.find(dataId);
    if (own.place === null && !this.arenas.placeOf({ dataId })) {
      own.place = this.space.allocate(own.bytes);
      this.inUse += own.bytes;
    }
    return own;
  }

  private find(dataId: DataId): Outlined {
    const own = this.tensors.get(dataId);
    if (!own) throw new Error("A tensor of another backend was used in an outline.");
    return own;
  }
}

/** What tfjs sees of an outline. */
class OutlineBackend extends KernelBackend {
  constructor(private readonly outline: Outline) {
    super();
  }

  override write(_values: unknown, shape: number[]): DataId {
    return this.outline.add(shape);
  }

  override incRef(dataId: DataId): void {
    this.outline.refer(dataId);
  }

  override disposeData(dataId: DataId): boolean {
    return this.outline.remove(dataId);
  }

  override numDataIds(): number {
    return this.outline.count;
  }

  override memory() {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override dispose(): void {}
}

function runningOutline(): Outline | null {
  const device = getBackend() === OUTLINE ? runningDevice() : null;
  return device instanceof Outline ? device : null;
}

/** Counts a tensor for the plan where an outline runs; else nothing happens. Returns the tensor. */
export function marked(purpose: Purpose, tensor: Tensor): Tensor {
  runningOutline()?.mark(purpose, [tensor]);
  return tensor;
}

/**
 * Runs `work` on an outline of a device, then restores the backend that was current before. tfjs has one current backend
 * for everything, so nothing else may run meanwhile: `work` must wait only for promises that are settled already. On an
 * outline `read`, `nextTask` and `uploadsDone` return such promises; files must not be read. JavaScript starts no other
 * task, such as handling a message, before all settled promises have been handled. A second outline waits for the first.
 *
 * @param like the GPU that runs, where its programs are to be listed (`dispatched`)
 */
export async function inOutline<T>(
  kind: "webgpu" | "wasm",
  work: (outline: Outline) => Promise<T>,
  like: GpuDevice | null = null,
): Promise<T> {
  for (let other = runningOutline(); other; other = runningOutline()) await other.ended;
  const name = getBackend();
  // A plan may be made before any backend has started.
  const before = name ? runningDevice() : null;
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const outlined = before instanceof GpuDevice ? before : ANY_GPU;
  const threads = before instanceof WasmDevice ? before.threads.count : 1;
  const outline = new Outline(kind, outlined, threads, ended, like);
  const backend = new OutlineBackend(outline);
  setDevice(backend, outline);
  registerBackend(OUTLINE, () => backend, 0);
  // A backend that starts without waiting is current when this returns.
  void setBackend(OUTLINE);
  try {
    return await work(outline);
  } finally {
    removeBackend(OUTLINE);
    if (name) void setBackend(name);
    end();
  }
}
