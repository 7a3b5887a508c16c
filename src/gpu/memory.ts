import { memory } from "@tensorflow/tfjs-core";
import { runningOutline } from "./outline.ts";
import { isOnGpu } from "./running.ts";
import { webGpu } from "./tfjs-internals.ts";

/** Bytes that a shader of the running device can bind at once. */
let bindingLimit = Infinity;

/** Called when the webgpu backend starts: `most` may be less than the GPU allows. */
export function limitBindings(most: number): void {
  const { maxStorageBufferBindingSize, maxBufferSize } = webGpu().device.limits;
  bindingLimit = Math.min(most, maxStorageBufferBindingSize, maxBufferSize);
}

/** Bytes that a shader can bind at once; Infinity off the GPU. */
export function largestBinding(): number {
  return isOnGpu() ? bindingLimit : Infinity;
}

/** Bytes of the largest tensor; Infinity off the GPU. */
export function largestBuffer(): number {
  return isOnGpu() ? webGpu().device.limits.maxBufferSize : Infinity;
}

/** Bytes allocated for tensors: on the GPU, pooled buffers included, or in the backend's heap. */
export function bytesHeld(): number {
  const outline = runningOutline();
  if (outline) return outline.bytes;
  return isOnGpu() ? webGpu().bufferManager.numBytesAllocated : memory().numBytes;
}
