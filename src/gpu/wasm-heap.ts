import type { Space } from "./outline.ts";

interface Block {
  start: number;
  size: number;
}

/** Bytes before each block, and what blocks are a multiple of. */
const HEADER = 8;

/**
 * The heap of tfjs-wasm without its memory: dlmalloc's large blocks (best fit, free neighbours become one, the top of
 * the heap last), and Emscripten's growth of the memory, by a fifth or what is needed and 96 MiB at most.
 */
export class WasmHeap implements Space {
  /** Where free blocks begin, ordered by place. */
  private readonly free: Block[] = [];
  private readonly sizes = new Map<number, number>();
  /** End of the last block that is not free. */
  private top = 0;
  bytes = 0;

  take(size: number): number {
    const wanted = HEADER + Math.max(8, Math.ceil(size / HEADER) * HEADER);
    let best = -1;
    for (let i = 0; i < this.free.length; i++) {
      const own = this.free[i]?.size ?? 0;
      if (own >= wanted && (best < 0 || own < (this.free[best]?.size ?? 0))) best = i;
    }
    const block = this.free[best];
    let start = this.top;
    if (block) {
      ({ start } = block);
      block.start += wanted;
      block.size -= wanted;
      if (block.size === 0) this.free.splice(best, 1);
    } else {
      this.top += wanted;
      this.bytes = Math.max(this.bytes, this.top);
    }
    this.sizes.set(start, wanted);
    return start;
  }

  give(start: number): void {
    const size = this.sizes.get(start) ?? 0;
    this.sizes.delete(start);
    let at = this.free.findIndex((block) => block.start > start);
    if (at < 0) at = this.free.length;
    this.free.splice(at, 0, { start, size });
    this.join(at);
    this.join(at - 1);
  }

  /** Makes one block of a free one and its neighbour, where they touch. */
  private join(at: number): void {
    const [one, next] = [this.free[at], this.free[at + 1]];
    if (!one) return;
    if (next && one.start + one.size === next.start) {
      one.size += next.size;
      this.free.splice(at + 1, 1);
    }
    if (at === this.free.length - 1 && one.start + one.size === this.top) {
      this.top = one.start;
      this.free.pop();
    }
  }
}
