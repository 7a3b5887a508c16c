import type { TensorInfo } from "@tensorflow/tfjs-core";
import { Problem } from "../problem/problem.ts";
import type { Place } from "./arenas.ts";
import type { Bound } from "./device.ts";
import { bindGroupOf, type Pipeline } from "./pipelines.ts";
import { SLOT_BYTES, UNIFORM_BYTES } from "./submissions.ts";
import type { WebGpuInternals } from "./tfjs-internals.ts";

const tensorOf = (bound: Bound) => ("tensor" in bound ? bound.tensor : bound);
const numbersOf = (bound: Bound) => ("tensor" in bound ? bound.count : bound.shape.reduce((a, b) => a * b, 1));

/** Bytes of all that a dispatch binds. */
export const bytesOf = (bound: readonly Bound[]) => 4 * bound.reduce((sum, one) => sum + numbersOf(one), 0);

/** A part of a buffer, in bytes; all of it from `offset` on where `size` is not given. */
export interface BufferRange {
  buffer: GPUBuffer;
  offset: number;
  size?: number;
}

/** What the dispatches of one device bind: buffers of tensors, or parts of them, and the slots of uniforms. */
export class Bindings {
  /** Bytes that a shader binds at once, at most. */
  limit = Infinity;
  /** The buffer of all slots; null before the first dispatch. */
  uniforms: GPUBuffer | null = null;
  /** Buffers are numbered in the order in which they are first bound. */
  private readonly numbers = new WeakMap<GPUBuffer, number>();
  private lastNumber = 0;

  /** @param placeOf where a tensor lies in a buffer that it shares; null for one that has its own */
  constructor(
    private readonly backend: WebGpuInternals,
    private readonly placeOf: (tensor: TensorInfo) => Place | null,
  ) {}

  /** The pool reuses the same buffers in each step, so that most groups exist already. */
  groupOf(pipeline: Pipeline, bound: readonly Bound[]): GPUBindGroup {
    let key = "";
    for (const one of bound) {
      const { buffer, offset, size = 0 } = this.boundRange(one);
      key += `${this.numberOf(buffer)}:${offset}:${size} `;
    }
    return bindGroupOf(pipeline, key, () => {
      const entries = bound.map((one, i) => ({ binding: i + 1, resource: this.bindingOf(one) }));
      entries.push({ binding: 0, resource: { buffer: this.slots(), size: SLOT_BYTES } });
      return this.backend.device.createBindGroup({ layout: pipeline.layout, entries });
    });
  }

  /** Where a tensor is: in a buffer of its own, or in a part of a shared one. */
  rangeOf(tensor: TensorInfo): BufferRange {
    const buffer = this.bufferOf(tensor);
    const place = this.placeOf(tensor);
    return place ? { buffer, offset: 4 * place.first, size: 4 * place.size } : { buffer, offset: 0 };
  }

  /** The buffer that a tensor is in; one that has none yet gets it. */
  bufferOf({ dataId }: TensorInfo): GPUBuffer {
    this.backend.uploadToGPU(dataId);
    const buffer = this.backend.tensorMap.get(dataId).resource;
    if (!buffer) throw new Error("A tensor has no buffer on the GPU.");
    return buffer;
  }

  /** Lays the free buffers of each size in one order, so that the same dispatches find the same ones. */
  orderFreeBuffers(): void {
    for (const free of this.backend.bufferManager.freeBuffers.values()) {
      free.sort((a, b) => this.numberOf(b) - this.numberOf(a));
    }
  }

  private numberOf(buffer: GPUBuffer): number {
    let number = this.numbers.get(buffer);
    if (number === undefined) this.numbers.set(buffer, (number = ++this.lastNumber));
    return number;
  }

  /** The buffer of all slots, counted among the backend's. */
  private slots(): GPUBuffer {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM;
    return (this.uniforms ??= this.backend.bufferManager.acquireBuffer(UNIFORM_BYTES, usage));
  }

  private boundRange(bound: Bound): BufferRange {
    const range = this.rangeOf(tensorOf(bound));
    if (!("tensor" in bound)) return range;
    return { buffer: range.buffer, offset: range.offset + 4 * bound.first, size: 4 * bound.count };
  }

  private bindingOf(bound: Bound): GPUBufferBinding {
    const range = this.boundRange(bound);
    const { size = range.buffer.size } = range;
    if (size > this.limit) throw tooLargeToBind(size, this.limit);
    return range;
  }
}

function tooLargeToBind(bytes: number, limit: number): Problem {
  const megabytes = (some: number) => `${(some / 1e6).toFixed(1)} MB`;
  return new Problem({
    found: `A step would compute with ${megabytes(bytes)} in one piece.`,
    expected: `This GPU takes at most ${megabytes(limit)} in one piece.`,
    remedy: "Lower the batch size or the max length, or train on the processor (backend “wasm”).",
  });
}
