import { UNIFORM_BYTES } from "./submissions.ts";
import { WasmHeap } from "./wasm-heap.ts";

/** Memory that tensors are placed in, as a model: nothing is allocated. */
export interface Space {
  /** The most bytes that it ever had. */
  readonly bytes: number;
  /** Places a tensor of `size` bytes; returns its place, by which it is freed. */
  allocate(size: number): number;
  free(place: number): void;
  /** Frees a buffer that tensors shared, which serves no other. */
  destroy(place: number): void;
}

/** The memory of a device that has just started. */
export function spaceOf(kind: "webgpu" | "wasm"): Space {
  return kind === "webgpu" ? new BufferPool(UNIFORM_BYTES) : new WasmHeap();
}

/**
 * tfjs's pool of GPU buffers without a GPU: a buffer that is freed serves the next tensor of exactly its size. Only those
 * that tensors share are destroyed.
 */
class BufferPool implements Space {
  /** Free buffers by their size. */
  private readonly waiting = new Map<number, number>();

  private now: number;

  /** @param bytes allocated before the first tensor */
  constructor(public bytes = 0) {
    this.now = bytes;
  }

  /** A place is the size of its buffer: buffers of one size are alike. */
  allocate(size: number): number {
    const waiting = this.waiting.get(size) ?? 0;
    if (waiting > 0) this.waiting.set(size, waiting - 1);
    else {
      this.now += size;
      this.bytes = Math.max(this.bytes, this.now);
    }
    return size;
  }

  free(size: number): void {
    this.waiting.set(size, (this.waiting.get(size) ?? 0) + 1);
  }

  destroy(size: number): void {
    this.now -= size;
  }
}
