import type { Tensor } from "@tensorflow/tfjs-core";
import type { BufferRange } from "./bindings.ts";
import type { WebGpuInternals } from "./tfjs-internals.ts";

/** One staging buffer is never larger than this, so that reading a large weight does not double it on the GPU. */
const CHUNK_BYTES = 16 * 2 ** 20;

/** Staging buffers at once: while one is copied to main memory, the GPU fills the other. */
const IN_FLIGHT = 2;

/** Some numbers of a tensor on their way to main memory. */
export interface Piece {
  tensor: Tensor;
  /** Values of the whole tensor, to be filled. */
  result: Float32Array;
  /** First number in the tensor, and how many. */
  start: number;
  count: number;
  /** Byte offset in the staging buffer. */
  offset: number;
}

/**
 * Reads float tensors with `read`, which fills the results of some pieces through a staging buffer of `bytes` bytes and is
 * called again before its last promise has settled.
 */
export async function inPieces(
  tensors: readonly Tensor[],
  read: (pieces: readonly Piece[], bytes: number) => Promise<void>,
): Promise<Float32Array<ArrayBuffer>[]> {
  const results: Float32Array<ArrayBuffer>[] = [];
  let pieces: Piece[] = [];
  let bytes = 0;
  const inFlight: Promise<void>[] = [];
  const begin = async () => {
    if (inFlight.length === IN_FLIGHT) await inFlight.shift();
    const reading = read(pieces, bytes);
    // A failure reaches whoever awaits it, even if that is later.
    reading.catch(() => undefined);
    inFlight.push(reading);
    pieces = [];
    bytes = 0;
  };
  for (const tensor of tensors) {
    const result = new Float32Array(tensor.size);
    results.push(result);
    for (let start = 0; start < tensor.size;) {
      const count = Math.min(tensor.size - start, (CHUNK_BYTES - bytes) / 4);
      pieces.push({ tensor, result, start, count, offset: bytes });
      start += count;
      bytes += 4 * count;
      if (bytes === CHUNK_BYTES) await begin();
    }
  }
  if (bytes > 0) await begin();
  await Promise.all(inFlight);
  return results;
}

/** What reading needs of a device. */
interface Source {
  rangeOf: (tensor: Tensor) => BufferRange;
  /** Submits what is recorded, then resolves when `map` has been answered. */
  sent: (map: () => Promise<void>) => Promise<void>;
}

/** Values of float tensors, copied through staging buffers that live as long as they are read. */
export function readStaged(
  tensors: readonly Tensor[],
  backend: WebGpuInternals,
  source: Source,
): Promise<Float32Array<ArrayBuffer>[]> {
  return inPieces(tensors, (pieces, bytes) => readPieces(pieces, bytes, backend, source));
}

async function readPieces(
  pieces: readonly Piece[],
  bytes: number,
  backend: WebGpuInternals,
  { rangeOf, sent }: Source,
): Promise<void> {
  const ranges = pieces.map(({ tensor }) => rangeOf(tensor));
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const staging = backend.device.createBuffer({ size: bytes, usage });
  pieces.forEach(({ start, count, offset }, i) => {
    const from = ranges[i];
    if (!from) return;
    backend.commandEncoder?.copyBufferToBuffer(from.buffer, from.offset + 4 * start, staging, offset, 4 * count);
  });
  await sent(() => staging.mapAsync(GPUMapMode.READ));
  const mapped = staging.getMappedRange();
  for (const { result, start, count, offset } of pieces) {
    result.set(new Float32Array(mapped, offset, count), start);
  }
  staging.unmap();
  staging.destroy();
}
