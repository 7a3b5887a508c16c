import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { QueueAnswers } from "../../src/gpu/queue-answers.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearInterval", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A queue that answers `idle` ms after the work is done, or at the next submission after that. */
class FakeQueue {
  submissions = 0;
  private readonly waiting: { doneAt: number; answer: () => void }[] = [];

  constructor(private readonly idle: number) {}

  submit(): undefined {
    this.submissions++;
    for (const { doneAt, answer } of this.waiting) if (performance.now() >= doneAt) answer();
  }

  /** Answers for work of `ms`. */
  after(ms: number): Promise<undefined> {
    return new Promise((resolve) => {
      const answer = () => resolve(undefined);
      this.waiting.push({ doneAt: performance.now() + ms, answer });
      setTimeout(answer, ms + this.idle);
    });
  }

  onSubmittedWorkDone(): Promise<undefined> {
    return this.after(0);
  }
}

/** How long the answers of some works of 10 ms take, one after another. */
async function waited(queue: FakeQueue, answers: QueueAnswers, works: number): Promise<number> {
  const before = performance.now();
  for (let i = 0; i < works; i++) {
    const waiting = answers.to(queue.after(10));
    await vi.runAllTimersAsync();
    await waiting;
  }
  return performance.now() - before;
}

async function measured(idle: number) {
  const queue = new FakeQueue(idle);
  const answers = new QueueAnswers(queue);
  const measuring = answers.measure();
  await vi.runAllTimersAsync();
  await measuring;
  return { queue, answers };
}

describe("a queue", () => {
  it.each([0.07, 5])("that answers after %d ms is left alone", async (idle) => {
    const { queue, answers } = await measured(idle);
    await waited(queue, answers, 20);
    expect(queue.submissions).toBe(0);
  });

  it("that answers by a timer of 103 ms is nudged, and only while it is waited for", async () => {
    const { queue, answers } = await measured(103);
    const waiting = answers.to(queue.after(10));
    let answeredAt = NaN;
    const before = performance.now();
    void waiting.then(() => (answeredAt = performance.now() - before));
    await vi.advanceTimersByTimeAsync(30);
    expect(answeredAt).toBeLessThanOrEqual(14);
    const { submissions } = queue;
    expect(submissions).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(500);
    expect(queue.submissions).toBe(submissions);
  });

  it("that fails lets go of the timer", async () => {
    const { queue, answers } = await measured(103);
    await expect(answers.to(Promise.reject(new Error("The device was lost.")))).rejects.toThrow("lost");
    await vi.advanceTimersByTimeAsync(500);
    expect(queue.submissions).toBe(0);
  });
});
