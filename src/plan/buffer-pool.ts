/**
 * tfjs's pool of GPU buffers without a GPU: a buffer that is given back serves the next tensor of exactly its size, and
 * none is ever destroyed. So `bytes` is what a device holds, and its peak at once. All tensors are float32 or int32, of
 * four bytes a number, and buffers of one size are alike: here a buffer is the count of its numbers.
 */
export class BufferPool {
  /** Bytes of all buffers ever made. */
  bytes = 0;
  private readonly free = new Map<number, number>();

  take(numbers: number): number {
    const waiting = this.free.get(numbers) ?? 0;
    if (waiting > 0) this.free.set(numbers, waiting - 1);
    else this.bytes += 4 * numbers;
    return numbers;
  }

  give(...buffers: readonly number[]): void {
    for (const numbers of buffers) this.free.set(numbers, (this.free.get(numbers) ?? 0) + 1);
  }
}
