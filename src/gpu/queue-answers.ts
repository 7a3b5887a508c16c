/** An idle queue that answers later than this answers by a timer: others take less than 1 ms. */
const SLOW_MS = 50;
const NUDGE_EVERY_MS = 2;

/**
 * Waits for what a queue answers. Firefox looks every 100 ms whether work is done, or when something is submitted, so
 * there an empty submission is made again and again while an answer is awaited (as jax-js does since its pull request
 * 124, where 103 ms became 1.4 ms). What a queue does is measured: no browser is told by its name.
 */
export class QueueAnswers {
  private isSlow = false;

  constructor(private readonly queue: Pick<GPUQueue, "submit" | "onSubmittedWorkDone">) {}

  /** Measures how long the queue takes to answer. It must be idle. */
  async measure(): Promise<void> {
    // Twice, since the first answer of a device may be late for other reasons.
    for (let turn = 0; turn < 2; turn++) {
      const before = performance.now();
      await this.queue.onSubmittedWorkDone();
      if (performance.now() - before <= SLOW_MS) return;
    }
    this.isSlow = true;
  }

  /** Resolves or rejects as `answer`, which the queue gives. */
  async to<T>(answer: Promise<T>): Promise<T> {
    if (!this.isSlow) return answer;
    const timer = setInterval(() => this.queue.submit([]), NUDGE_EVERY_MS);
    try {
      return await answer;
    } finally {
      clearInterval(timer);
    }
  }
}
