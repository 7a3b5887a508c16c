import { engine, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import { Problem } from "../problem/problem.ts";
import { isSoftware } from "./adapter.ts";
import { Arenas, type Place } from "./arenas.ts";
import type { Bound, KernelKind, Precision, Recorder, TileSpeed, Values, Work } from "./device.ts";
import { Pace } from "./pace.ts";
import { bindGroupOf, Pipelines, type Pipeline } from "./pipelines.ts";
import type { Program, ProgramFeature, Uniform } from "./program.ts";
import { QueueAnswers } from "./queue-answers.ts";
import { inPieces, type Piece } from "./staging.ts";
import { SLOT_BYTES, UNIFORM_BYTES, UniformSlots } from "./submissions.ts";
import { subgroupMatricesOf, type SubgroupMatrices } from "./subgroup-matrices.ts";
import type { WebGpuInternals } from "./tfjs-internals.ts";

/** Bytes of one write: the browser copies what is written at once. */
const UPLOAD_BYTES = 2 ** 24;

const tensorOf = (bound: Bound) => ("tensor" in bound ? bound.tensor : bound);

const numbersOf = (bound: Bound) => ("tensor" in bound ? bound.count : bound.shape.reduce((a, b) => a * b, 1));
const bytesOf = (bound: readonly Bound[]) => 4 * bound.reduce((sum, one) => sum + numbersOf(one), 0);

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
  readonly matrices: SubgroupMatrices | null;
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
  private uniformBuffer: GPUBuffer | null = null;
  /** Buffers are numbered in the order in which they are first bound. */
  private readonly numbers = new WeakMap<GPUBuffer, number>();
  private lastNumber = 0;
  private bindingLimit = Infinity;
  /** WebGPU reports errors later, to no caller; the first one is kept for the next read-back to throw. */
  private firstError: string | null = null;

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
    this.pipelines = new Pipelines(device, () => this.pace.compiled());
    this.answers = new QueueAnswers(backend.queue);
    this.limitBindings(Infinity);
    const disposeData = backend.disposeData.bind(backend);
    backend.disposeData = (dataId, force) => {
      const isGone = disposeData(dataId, force);
      if (isGone) this.arenas.remove(dataId);
      return isGone;
    };
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.firstError ??= event.error.message;
    });
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

  get mixes(): boolean {
    return this.hasFeature("shader-f16");
  }

  get largestBinding(): number {
    return this.bindingLimit;
  }

  get largestBuffer(): number {
    return this.backend.device.limits.maxBufferSize;
  }

  /** Limits what shaders bind at once to `most` bytes, or to what the GPU allows if that is less. */
  limitBindings(most: number): void {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.backend.device.limits;
    this.bindingLimit = Math.min(most, maxStorageBufferBindingSize, maxBufferSize);
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
    const { buffer, offset } = this.rangeOf(tensor);
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
    this.clear(this.bufferOf(info));
    return engine().makeTensorFromTensorInfo(info);
  }

  /**
   * Reads through staging buffers: tfjs's `data()` caches on the CPU and goes on returning old values after an update in
   * place. Small tensors share one round trip.
   */
  read(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
    return inPieces(tensors, (pieces, bytes) => this.readPieces(pieces, bytes));
  }

  submit(): void {
    const { backend } = this;
    if (!backend.commandEncoder) return;
    backend.endComputePassEncoder();
    if (this.uniformBuffer) this.slots.write(backend.queue, this.uniformBuffer);
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
    for (const free of this.backend.bufferManager.freeBuffers.values()) {
      free.sort((a, b) => this.numberOf(b) - this.numberOf(a));
    }
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
    const missing = programs.filter((program) => !this.pipelines.has(program));
    if (missing.length === 0) return;
    onProgress(0, missing.length);
    await new Promise<void>((resolve) => {
      let done = 0;
      const next = () => {
        onProgress(++done, missing.length);
        if (done === missing.length || !goesOn()) resolve();
      };
      for (const program of missing) void this.pipelines.compile(program).then(next);
    });
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
    const group = this.groupOf(compiled, bound);
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

  /** Throws a Problem if the GPU has reported an error: what it computed since cannot be trusted. */
  private throwError(): void {
    if (this.firstError === null) return;
    const details = this.firstError;
    this.firstError = null;
    throw new Problem({
      found: /out of memory|allocat/i.test(details) ? "The GPU ran out of memory." : "The GPU refused a command.",
      expected: "Every command was expected to run.",
      remedy: "Use a smaller batch size or max length, or train on the processor.",
      details,
    });
  }

  private async readPieces(pieces: readonly Piece[], bytes: number): Promise<void> {
    const { backend } = this;
    const ranges = pieces.map(({ tensor }) => this.rangeOf(tensor));
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    const staging = backend.device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    pieces.forEach(({ start, count, offset }, i) => {
      const from = ranges[i];
      if (!from) return;
      backend.commandEncoder?.copyBufferToBuffer(from.buffer, from.offset + 4 * start, staging, offset, 4 * count);
    });
    this.submit();
    const mark = this.pace.mark();
    await this.answers.to(staging.mapAsync(GPUMapMode.READ));
    this.throwError();
    this.pace.done(mark);
    const mapped = staging.getMappedRange();
    for (const { result, start, count, offset } of pieces) {
      result.set(new Float32Array(mapped, offset, count), start);
    }
    staging.unmap();
    staging.destroy();
  }

  /** A tensor like those of `output` that has its buffer already. */
  private placed(shape: readonly number[], dtype: "float32" | "int32" = "float32"): TensorInfo {
    const info = this.output(shape, dtype);
    this.backend.uploadToGPU(info.dataId);
    return info;
  }

  private bufferOf({ dataId }: TensorInfo): GPUBuffer {
    this.backend.uploadToGPU(dataId);
    const buffer = this.backend.tensorMap.get(dataId).resource;
    if (!buffer) throw new Error("A tensor has no buffer on the GPU.");
    return buffer;
  }

  /** Where a tensor is: in a buffer of its own, or in a part of a shared one. */
  private rangeOf(tensor: TensorInfo): { buffer: GPUBuffer; offset: number; size?: number } {
    const buffer = this.bufferOf(tensor);
    const place = this.arenas.placeOf(tensor);
    return place ? { buffer, offset: 4 * place.first, size: 4 * place.size } : { buffer, offset: 0 };
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

  private numberOf(buffer: GPUBuffer): number {
    let number = this.numbers.get(buffer);
    if (number === undefined) this.numbers.set(buffer, (number = ++this.lastNumber));
    return number;
  }

  /** The buffer of all slots, counted among the backend's. */
  private uniforms(): GPUBuffer {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM;
    return (this.uniformBuffer ??= this.backend.bufferManager.acquireBuffer(UNIFORM_BYTES, usage));
  }

  /** The pool reuses the same buffers in each step, so that most groups exist already. */
  private groupOf(pipeline: Pipeline, bound: readonly Bound[]): GPUBindGroup {
    let key = "";
    for (const one of bound) {
      const { buffer, offset, size = 0 } = this.boundRange(one);
      key += `${this.numberOf(buffer)}:${offset}:${size} `;
    }
    return bindGroupOf(pipeline, key, () => {
      const entries = bound.map((one, i) => ({ binding: i + 1, resource: this.bindingOf(one) }));
      entries.push({ binding: 0, resource: { buffer: this.uniforms(), size: SLOT_BYTES } });
      return this.backend.device.createBindGroup({ layout: pipeline.layout, entries });
    });
  }

  private boundRange(bound: Bound): { buffer: GPUBuffer; offset: number; size?: number } {
    const range = this.rangeOf(tensorOf(bound));
    if (!("tensor" in bound)) return range;
    return { buffer: range.buffer, offset: range.offset + 4 * bound.first, size: 4 * bound.count };
  }

  private bindingOf(bound: Bound): GPUBufferBinding {
    const range = this.boundRange(bound);
    const { size = range.buffer.size } = range;
    if (size > this.bindingLimit) throw tooLargeToBind(size, this.bindingLimit);
    return range;
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function tooLargeToBind(bytes: number, limit: number): Problem {
  return new Problem({
    found: `A step would compute with ${megabytes(bytes)} in one piece.`,
    expected: `This GPU takes at most ${megabytes(limit)} in one piece.`,
    remedy: "Lower the batch size or the max length, or train on the processor (backend “wasm”).",
  });
}

function tooLargeToHold(bytes: number, shape: readonly number[], limit: number): Problem {
  return new Problem({
    found: `A weight of ${shape.join(" × ")} numbers takes ${megabytes(bytes)}.`,
    expected: `This GPU holds at most ${megabytes(limit)} in one piece.`,
    remedy: "Take a model with a smaller vocabulary, or train on the processor (backend “wasm”).",
  });
}
