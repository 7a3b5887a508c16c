import type { Tensor } from "@tensorflow/tfjs-core";
import { workDone } from "./flush.ts";
import { throwGpuError } from "./gpu-errors.ts";
import { submit } from "./program.ts";
import { isOnGpu, isOutline } from "./running.ts";
import { hostView, webGpu } from "./tfjs-internals.ts";

/** One staging buffer is never larger than this, so that reading a large weight does not double it on the GPU. */
const CHUNK_BYTES = 16 * 2 ** 20;

/**
 * Values of float tensors as they are now, copies of one's own. On webgpu through staging buffers: tfjs's `data()`
 * caches on the CPU and returns old values for ever after an update in place. Small tensors share one round trip.
 * On an outline they are zeros.
 */
export async function readTensors(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
  if (isOutline()) return tensors.map(({ size }) => new Float32Array(size));
  if (!isOnGpu()) return tensors.map((tensor) => new Float32Array(hostView(tensor)));
  const results = tensors.map((tensor) => new Float32Array(tensor.size));
  let pieces: Piece[] = [];
  let bytes = 0;
  for (const [i, tensor] of tensors.entries()) {
    const result = results[i];
    if (!result) continue;
    for (let start = 0; start < tensor.size;) {
      const count = Math.min(tensor.size - start, (CHUNK_BYTES - bytes) / 4);
      pieces.push({ tensor, result, start, count, offset: bytes });
      start += count;
      bytes += 4 * count;
      if (bytes === CHUNK_BYTES) {
        await readPieces(pieces, bytes);
        pieces = [];
        bytes = 0;
      }
    }
  }
  if (bytes > 0) await readPieces(pieces, bytes);
  return results;
}

/** Values of one float tensor. */
export async function readTensor(tensor: Tensor): Promise<Float32Array<ArrayBuffer>> {
  const [values] = await readTensors([tensor]);
  if (!values) throw new Error("A tensor was read and nothing came back.");
  return values;
}

interface Piece {
  tensor: Tensor;
  result: Float32Array;
  /** First element in the tensor, and how many. */
  start: number;
  count: number;
  /** Byte offset in the staging buffer. */
  offset: number;
}

async function readPieces(pieces: Piece[], bytes: number): Promise<void> {
  const backend = webGpu();
  for (const { tensor } of pieces) backend.uploadToGPU(tensor.dataId);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  const staging = backend.device.createBuffer({
    size: bytes,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  for (const { tensor, start, count, offset } of pieces) {
    const buffer = backend.tensorMap.get(tensor.dataId).resource;
    if (!buffer) throw new Error("A tensor without a buffer was read.");
    backend.commandEncoder?.copyBufferToBuffer(buffer, 4 * start, staging, offset, 4 * count);
  }
  submit();
  await staging.mapAsync(GPUMapMode.READ);
  throwGpuError();
  workDone();
  const mapped = staging.getMappedRange();
  for (const { result, start, count, offset } of pieces) {
    result.set(new Float32Array(mapped, offset, count), start);
  }
  staging.unmap();
  staging.destroy();
}
