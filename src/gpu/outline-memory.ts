import { UNIFORM_BYTES } from "./submissions.ts";

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

interface Block {
  start: number;
  size: number;
}

/** Bytes before each block; the size of a block is a multiple of it. */
const HEADER = 8;

/**
 * The heap of tfjs-wasm without its memory, as dlmalloc places large blocks: best fit, free neighbours become one, the
 * top of the heap last. `bytes` is how far the heap ever reached.
 */
export class WasmHeap implements Space {
  /** Free blocks, ordered by where they begin. */
  private readonly gaps: Block[] = [];
  private readonly sizes = new Map<number, number>();
  /** End of the last block that is not free. */
  private top = 0;
  bytes = 0;

  allocate(size: number): number {
    const wanted = HEADER + Math.max(8, Math.ceil(size / HEADER) * HEADER);
    let best = -1;
    for (let i = 0; i < this.gaps.length; i++) {
      const own = this.gaps[i]?.size ?? 0;
      if (own >= wanted && (best < 0 || own < (this.gaps[best]?.size ?? 0))) best = i;
    }
    const block = this.gaps[best];
    let start = this.top;
    if (block) {
      ({ start } = block);
      block.start += wanted;
      block.size -= wanted;
      if (block.size === 0) this.gaps.splice(best, 1);
    } else {
      this.top += wanted;
      this.bytes = Math.max(this.bytes, this.top);
    }
    this.sizes.set(start, wanted);
    return start;
  }

  free(start: number): void {
    const size = this.sizes.get(start) ?? 0;
    this.sizes.delete(start);
    let at = this.gaps.findIndex((block) => block.start > start);
    if (at < 0) at = this.gaps.length;
    this.gaps.splice(at, 0, { start, size });
    this.join(at);
    this.join(at - 1);
  }

  /** Tensors of wasm share no buffer. */
  destroy(start: number): void {
    this.free(start);
  }

  /** Makes one block of a free one and its neighbour, where they touch. */
  private join(at: number): void {
    const [one, next] = [this.gaps[at], this.gaps[at + 1]];
    if (!one) return;
    if (next && one.start + one.size === next.start) {
      one.size += next.size;
      this.gaps.splice(at + 1, 1);
    }
    if (at === this.gaps.length - 1 && one.start + one.size === this.top) {
      this.top = one.start;
      this.gaps.pop();
    }
  }
}
