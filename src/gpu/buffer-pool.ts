import type { Space } from "./outline.ts";

/**
 * tfjs's pool of GPU buffers without a GPU: a buffer that is freed serves the next tensor of exactly its size, and none
 * is ever destroyed, so that `bytes` is what a device holds and its peak at once.
 */
export class BufferPool implements Space {
  bytes = 0;
  /** Free buffers by their size. */
  private readonly free = new Map<number, number>();

  /** Bytes from which the pool starts: buffers that are there before the first tensor. */
  constructor(bytes = 0) {
    this.bytes = bytes;
  }

  /** A buffer is known by its size: those of one size are alike. */
  take(size: number): number {
    const waiting = this.free.get(size) ?? 0;
    if (waiting > 0) this.free.set(size, waiting - 1);
    else this.bytes += size;
    return size;
  }

  give(size: number): void {
    this.free.set(size, (this.free.get(size) ?? 0) + 1);
  }
}
