import { getBackend, memory } from "@tensorflow/tfjs-core";
import { webGpu } from "./tfjs-internals.ts";

/** Bytes allocated for tensors: on the GPU, pooled buffers included, or in the backend's heap. */
export function bytesHeld(): number {
  return getBackend() === "webgpu" ? webGpu().bufferManager.numBytesAllocated : memory().numBytes;
}
