import { getBackend, memory } from "@tensorflow/tfjs-core";
import { webGpu } from "./tfjs-internals.ts";

/** Bytes that a shader binds at most, where the engine was started with less than the GPU allows. */
let bindingLimit = Infinity;

/** Called when the webgpu backend starts. */
export function limitBindings(bytes: number): void {
  bindingLimit = bytes;
}

/** Bytes that a shader can bind at once; Infinity off the GPU. */
export function largestBinding(): number {
  if (getBackend() !== "webgpu") return Infinity;
  const { maxStorageBufferBindingSize, maxBufferSize } = webGpu().device.limits;
  return Math.min(bindingLimit, maxStorageBufferBindingSize, maxBufferSize);
}

/** Bytes of the largest tensor; Infinity off the GPU. */
export function largestBuffer(): number {
  return getBackend() === "webgpu" ? webGpu().device.limits.maxBufferSize : Infinity;
}

/** Bytes allocated for tensors: on the GPU, pooled buffers included, or in the backend's heap. */
export function bytesHeld(): number {
  return getBackend() === "webgpu" ? webGpu().bufferManager.numBytesAllocated : memory().numBytes;
}
