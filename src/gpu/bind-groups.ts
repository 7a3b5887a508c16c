import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { Problem } from "../problem/problem.ts";
import { largestBinding } from "./memory.ts";
import type { Pipeline } from "./pipelines.ts";
import { isOnGpu } from "./running.ts";
import { webGpu } from "./tfjs-internals.ts";
import { SLOT_BYTES, uniformBuffer } from "./uniforms.ts";

/** Some numbers of a tensor, bound as if they were all of it. `first` is a multiple of 64. */
export interface Range {
  tensor: Tensor | TensorInfo;
  first: number;
  count: number;
}

/** What a dispatch binds: a tensor, or a range of one. */
export type Bound = Tensor | TensorInfo | Range;

/** Bind groups of a pipeline that are kept. */
const MOST_KEPT = 256;

const numbers = new WeakMap<GPUBuffer, number>();
let lastNumber = 0;

const tensorOf = (bound: Bound) => ("tensor" in bound ? bound.tensor : bound);

/**
 * The bind group of some tensors for a pipeline. The pool hands out the same buffers step after step, so that most
 * groups are there already; the oldest make room for others. Throws a Problem for what is larger than this GPU binds.
 */
export function bindGroupOf({ layout, groups }: Pipeline, bound: readonly Bound[]): GPUBindGroup {
  let key = "";
  for (const one of bound) {
    const number = numberOf(bufferOf(one));
    key += "tensor" in one ? `${number}:${one.first}:${one.count} ` : `${number} `;
  }
  const known = groups.get(key);
  if (known) return known;
  const entries = bound.map((one, i) => ({ binding: i + 1, resource: bindingOf(one) }));
  entries.push({ binding: 0, resource: { buffer: uniformBuffer(), size: SLOT_BYTES } });
  const group = webGpu().device.createBindGroup({ layout, entries });
  if (groups.size >= MOST_KEPT) {
    const [oldest = ""] = groups.keys();
    groups.delete(oldest);
  }
  groups.set(key, group);
  return group;
}

/**
 * Brings the free buffers of the pool into an order of their own, on webgpu: called before a training step or a batch
 * of an evaluation, it lets the same dispatches find the same buffers again, and `bindGroupOf` its groups.
 */
export function orderFreeBuffers(): void {
  if (!isOnGpu()) return;
  for (const free of webGpu().bufferManager.freeBuffers.values()) free.sort((a, b) => numberOf(b) - numberOf(a));
}

function bufferOf(bound: Bound): GPUBuffer {
  const backend = webGpu();
  const { dataId } = tensorOf(bound);
  backend.uploadToGPU(dataId);
  const buffer = backend.tensorMap.get(dataId).resource;
  if (!buffer) throw new Error("A tensor without a buffer was bound.");
  return buffer;
}

/** Buffers are numbered as they are met. */
function numberOf(buffer: GPUBuffer): number {
  let number = numbers.get(buffer);
  if (number === undefined) numbers.set(buffer, (number = ++lastNumber));
  return number;
}

function bindingOf(bound: Bound): GPUBufferBinding {
  const buffer = bufferOf(bound);
  const binding = "tensor" in bound ? { buffer, offset: 4 * bound.first, size: 4 * bound.count } : { buffer };
  const size = binding.size ?? buffer.size;
  if (size > largestBinding()) throw tooLarge(size);
  return binding;
}

function tooLarge(bytes: number): Problem {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  return new Problem({
    found: `A step would compute with ${megabytes(bytes)} in one piece.`,
    expected: `This GPU takes at most ${megabytes(largestBinding())} in one piece.`,
    remedy: "Lower the batch size or the max length, or train on the processor (backend “wasm”).",
  });
}
