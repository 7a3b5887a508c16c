import { getBackend, memory } from "@tensorflow/tfjs-core";
import { webGpu } from "./tfjs-internals.ts";

/** Bytes that a shader can bind at once, and so of the largest tensor; Infinity off the GPU. */
export function largestBinding(): number {
  if (getBackend() !== "webgpu") return Infinity;
  const { maxStorageBufferBindingSize, maxBufferSize } = webGpu().device.limits;
  return Math.min(maxStorageBufferBindingSize, maxBufferSize);
}

/** Bytes allocated for tensors: on the GPU, pooled buffers included, or in the backend's heap. */
export function bytesHeld(): number {
  return getBackend() === "webgpu" ? webGpu().bufferManager.numBytesAllocated : memory().numBytes;
}
