import { engine, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import { Problem } from "../problem/problem.ts";
import { isSoftware } from "./adapter.ts";
import { Arenas, type Place } from "./arenas.ts";
import { Bindings, bytesOf } from "./bindings.ts";
import type { Bound, KernelKind, Precision, Recorder, TileSpeed, Values, Work } from "./device.ts";
import { DeviceErrors } from "./device-errors.ts";
import { Pace } from "./pace.ts";
import { Pipelines } from "./pipelines.ts";
import type { Program, ProgramFeature, Uniform } from "./program.ts";
import { QueueAnswers } from "./queue-answers.ts";
import { readStaged } from "./staging.ts";
import { UniformSlots } from "./submissions.ts";
import { subgroupMatricesOf, type SubgroupMatrices } from "./subgroup-matrices.ts";
import type { WebGpuInternals } from "./tfjs-internals.ts";

/** Bytes of one write: the browser copies what is written at once. */
const UPLOAD_BYTES = 2 ** 24;

/**
 * A WebGPU device that is open, beside tfjs's backend on it, which has its buffers and its command encoder. All that
 * belongs to the device is here, so that it goes when the device does: compiled programs, bind groups, uniforms, the
 * pace of submissions, limits, errors, measured speeds.
 */
export class GpuDevice implements Recorder {
  readonly kind = "webgpu";
  readonly computes = true;
  kernels: KernelKind;
  readonly pace: Pace;
  tileSpeeds: readonly TileSpeed[] = [];
  precision: Precision = "float32";
  /** Set to null where their products are wrong. */
  matrices: SubgroupMatrices | null;
  /** Set to false where its 16-bit floats compute wrongly. */
  mixes: boolean;
  /** Number of dispatches recorded so far. */
  dispatched = 0;
  private readonly programs = new Map<string, Program>();
  private readonly pipelines: Pipelines;
  private readonly answers: QueueAnswers;
  private readonly slots = new UniformSlots();
  private readonly arenas = new Arenas<GPUBuffer>({
    allocate: (bytes) => this.arenaBuffer(bytes),
    free: (buffer) => {
      // A submission must not name a buffer that is destroyed.
      this.submit();
      this.mostBefore = this.mostBytesHeld;
      this.backend.bufferManager.releaseBuffer(buffer, false);
    },
  });
  /** `mostBytesHeld` when a buffer was last destroyed. */
  private mostBefore = 0;
  private readonly bindings: Bindings;
  private readonly errors: DeviceErrors;

  /**
   * @param backend tfjs's backend, on a device that nothing else uses
   * @param adapterInfo what the browser reports about the device's adapter
   */
  constructor(
    private readonly backend: WebGpuInternals,
    readonly adapterInfo: GPUAdapterInfo,
  ) {
    const { device } = backend;
    this.kernels = isSoftware(adapterInfo) ? "software" : "gpu";
    this.pace = new Pace(this.kernels);
    this.matrices = this.hasFeature("chromium-experimental-subgroup-matrix")
      ? subgroupMatricesOf(adapterInfo, device.limits.maxComputeWorkgroupStorageSize)
      : null;
    this.mixes = this.hasFeature("shader-f16");
    this.pipelines = new Pipelines(device, () => this.pace.compiled());
    this.answers = new QueueAnswers(backend.queue);
    this.bindings = new Bindings(backend, (tensor) => this.arenas.placeOf(tensor));
    this.limitBindings(Infinity);
    const disposeData = backend.disposeData.bind(backend);
    backend.disposeData = (dataId, force) => {
      const isGone = disposeData(dataId, force);
      if (isGone) this.arenas.remove(dataId);
      return isGone;
    };
    this.errors = new DeviceErrors(device);
  }

  /** Measures how the browser answers. Called once, before anything is submitted. */
  measureAnswers(): Promise<void> {
    return this.answers.measure();
  }

  /** The same device as WebGPU has it: for measurements that record past this one, after `submit`. */
  get raw(): GPUDevice {
    return this.backend.device;
  }

  hasFeature(feature: ProgramFeature): boolean {
    return this.backend.device.features.has(feature);
  }

  get largestBinding(): number {
    return this.bindings.limit;
  }

  get largestBuffer(): number {
    return this.backend.device.limits.maxBufferSize;
  }

  /** Limits what shaders bind at once to `most` bytes, or to what the GPU allows if that is less. */
  limitBindings(most: number): void {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.backend.device.limits;
    this.bindings.limit = Math.min(most, maxStorageBufferBindingSize, maxBufferSize);
  }

  get bytesHeld(): number {
    return this.backend.bufferManager.numBytesAllocated;
  }

  /** The most bytes that were held at once so far. Shared buffers are the only ones that are destroyed. */
  get mostBytesHeld(): number {
    return Math.max(this.mostBefore, this.bytesHeld);
  }

  upload(values: Values, shape: readonly number[]): Tensor {
    if (values.byteLength > this.largestBuffer) throw tooLargeToHold(values.byteLength, shape, this.largestBuffer);
    const made = this.placed(shape, values instanceof Float32Array ? "float32" : "int32");
    this.write(made, values);
    return engine().makeTensorFromTensorInfo(made);
  }

  write(tensor: TensorInfo, values: Values): void {
    const { buffer, offset } = this.bindings.rangeOf(tensor);
    // The buffer may be one that recorded work still reads, and the queue writes at once.
    this.submit();
    const step = UPLOAD_BYTES / 4;
    for (let start = 0; start < values.length; start += step) {
      const count = Math.min(step, values.length - start);
      this.backend.queue.writeBuffer(buffer, offset + 4 * start, values, start, count);
    }
  }

  together(shapes: readonly (readonly number[])[]): Tensor[] {
    for (const shape of shapes) {
      const bytes = 4 * shape.reduce((a, b) => a * b, 1);
      if (bytes > this.largestBuffer) throw tooLargeToHold(bytes, shape, this.largestBuffer);
    }
    const infos = shapes.map((shape) => this.output(shape));
    this.arenas.add(infos, this.largestBuffer);
    for (const info of infos) {
      // tfjs neither allocates a buffer for such data nor frees it.
      const data = this.backend.tensorMap.get(info.dataId);
      data.resource = this.arenas.placeOf(info)?.block.buffer ?? null;
      data.external = true;
    }
    return infos.map((info) => engine().makeTensorFromTensorInfo(info));
  }

  placeOf(tensor: TensorInfo): Place | null {
    return this.arenas.placeOf(tensor);
  }

  /** Nothing is uploaded for zeros. */
  zeros(shape: readonly number[]): Tensor {
    const info = this.placed(shape);
    this.clear(this.bindings.bufferOf(info));
    return engine().makeTensorFromTensorInfo(info);
  }

  /**
   * Reads through staging buffers: tfjs's `data()` caches on the CPU and goes on returning old values after an update in
   * place. Small tensors share one round trip.
   */
  read(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
    const rangeOf = (tensor: Tensor) => this.bindings.rangeOf(tensor);
    return readStaged(tensors, this.backend, { rangeOf, sent: (map) => this.answered(map) });
  }

  submit(): void {
    const { backend } = this;
    if (!backend.commandEncoder) return;
    backend.endComputePassEncoder();
    const { uniforms } = this.bindings;
    if (uniforms) this.slots.write(backend.queue, uniforms);
    backend.submitQueue();
    this.pace.submitted();
  }

  async done(): Promise<void> {
    this.submit();
    const mark = this.pace.mark();
    await this.answers.to(this.backend.queue.onSubmittedWorkDone());
    this.pace.done(mark);
  }

  partsFor(work: Work): number {
    return this.pace.partsOf(work);
  }

  reserve(shape: readonly number[], count: number): void {
    const all = Array.from({ length: count }, () => this.placed(shape));
    for (const info of all) this.release(info);
  }

  orderFreeBuffers(): void {
    this.bindings.orderFreeBuffers();
  }

  program(key: string, make: () => Program): Program {
    let program = this.programs.get(key);
    if (!program) this.programs.set(key, (program = make()));
    return program;
  }

  /**
   * Compiles programs ahead, all at once. Resolves when all are compiled, or when `goesOn` says no, which is asked after
   * each; those that are left are then compiled beside what follows.
   *
   * @param onProgress called at the start and after each, where there is any that was not compiled before
   */
  async compile(
    programs: readonly Program[],
    onProgress: (done: number, total: number) => void,
    goesOn: () => boolean,
  ): Promise<void> {
    await this.pipelines.compileAll(programs, onProgress, goesOn);
  }

  output(shape: readonly number[], dtype: "float32" | "int32" = "float32"): TensorInfo {
    return this.backend.makeTensorInfo(shape, dtype);
  }

  release({ dataId }: TensorInfo): void {
    this.backend.disposeData(dataId);
  }

  /**
   * Records into tfjs's open compute pass. tfjs does not learn of the tensors, else it would keep the buffers of those
   * that are disposed until the submission is sent. What is recorded runs in order, so a later dispatch may write a
   * buffer at once that an earlier one reads; what is written past the open submission must be sent after it (`upload`).
   */
  dispatch(
    program: Program,
    bound: readonly Bound[],
    uniforms: readonly Uniform[],
    workgroups: readonly [number, number?],
    work: Work = { flops: 0, bytes: bytesOf(bound) },
  ): void {
    const { backend } = this;
    const weight = this.pace.weightOf(work);
    if (this.pace.isFullFor(weight)) this.submit();
    const compiled = this.pipelines.of(program);
    const group = this.bindings.groupOf(compiled, bound);
    backend.ensureCommandEncoderReady();
    backend.computePassEncoder ??= backend.commandEncoder?.beginComputePass() ?? null;
    const pass = backend.computePassEncoder;
    if (!pass) throw new Error(`${program.name}: no compute pass could be opened.`);
    pass.setPipeline(compiled.pipeline);
    pass.setBindGroup(0, group, [this.slots.put(uniforms)]);
    const [x, y = 1] = workgroups;
    const z = Math.ceil(x / 65535);
    pass.dispatchWorkgroups(z > 1 ? 65535 : x, y, z);
    this.dispatched++;
    this.pace.add(weight);
    if (this.slots.isFull || this.pace.isFullFor(0)) this.submit();
  }

  /** Submits, and resolves when `map` has been answered and no error was reported. */
  private async answered(map: () => Promise<void>): Promise<void> {
    this.submit();
    const mark = this.pace.mark();
    await this.answers.to(map());
    this.errors.throwFirst();
    this.pace.done(mark);
  }

  /** A tensor like those of `output` that has its buffer already. */
  private placed(shape: readonly number[], dtype: "float32" | "int32" = "float32"): TensorInfo {
    const info = this.output(shape, dtype);
    this.backend.uploadToGPU(info.dataId);
    return info;
  }

  /** A buffer of zeros for tensors to share. */
  private arenaBuffer(bytes: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.backend.bufferManager.acquireBuffer(bytes, usage);
    this.clear(buffer);
    return buffer;
  }

  private clear(buffer: GPUBuffer): void {
    this.backend.ensureCommandEncoderReady();
    this.backend.endComputePassEncoder();
    this.backend.commandEncoder?.clearBuffer(buffer);
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function tooLargeToHold(bytes: number, shape: readonly number[], limit: number): Problem {
  return new Problem({
    found: `A weight of ${shape.join(" × ")} numbers takes ${megabytes(bytes)}.`,
    expected: `This GPU holds at most ${megabytes(limit)} in one piece.`,
    remedy: "Take a model with a smaller vocabulary, or train on the processor (backend “wasm”).",
  });
}
