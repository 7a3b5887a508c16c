/** A buffer on the GPU; of tensors these are float32 or int32, of four bytes a number. */
export interface PooledBuffer {
  bytes: number;
  /** The submission that used it last. */
  submission: number;
}

/**
 * tfjs's pool of GPU buffers as `gpu/program.ts` uses it, without a GPU: a buffer that is given back serves the next
 * tensor of exactly its size, but only once the submission that used it was sent; no buffer is ever destroyed. So
 * `bytes` is what a device holds, and its peak at once.
 */
export class BufferPool {
  /** Bytes of all buffers ever made. */
  bytes = 0;
  private readonly free = new Map<number, number>();
  private pending: PooledBuffer[] = [];
  private submission = 0;
  private dispatches = 0;

  /** @param perSubmission dispatches that go into one submission at most */
  constructor(private readonly perSubmission: number) {}

  /** A buffer of `numbers` numbers. */
  take(numbers: number): PooledBuffer {
    const bytes = 4 * numbers;
    const waiting = this.free.get(bytes) ?? 0;
    if (waiting > 0) this.free.set(bytes, waiting - 1);
    else this.bytes += bytes;
    return { bytes, submission: -1 };
  }

  /** One dispatch that reads or writes these buffers. */
  run(...buffers: readonly PooledBuffer[]): void {
    for (const buffer of buffers) buffer.submission = this.submission;
    if (++this.dispatches >= this.perSubmission) this.submit();
  }

  give(...buffers: readonly PooledBuffer[]): void {
    for (const buffer of buffers) {
      if (buffer.submission === this.submission) this.pending.push(buffer);
      else this.giveNow(buffer);
    }
  }

  /** Sends what was recorded; a submission without a dispatch changes nothing. */
  submit(): void {
    this.submission++;
    this.dispatches = 0;
    for (const buffer of this.pending) this.giveNow(buffer);
    this.pending = [];
  }

  private giveNow({ bytes }: PooledBuffer): void {
    this.free.set(bytes, (this.free.get(bytes) ?? 0) + 1);
  }
}
