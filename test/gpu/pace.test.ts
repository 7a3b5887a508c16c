import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "../../src/gpu/pace.ts";

let now = 0;

beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A queue that does what it is given in order, at a speed of its own, and answers `latency` late. */
class FakeQueue {
  private freeAt = 0;
  /** What each submission took of the GPU. */
  readonly submissions: number[] = [];
  private open = 0;

  constructor(
    private readonly pace: Pace,
    private readonly msPerWeight: number,
    private readonly latency = 0,
  ) {}

  dispatch(flops: number): void {
    const weight = this.pace.weightOf({ flops, bytes: 0 });
    if (this.pace.isFullFor(weight)) this.submit();
    this.pace.add(weight);
    this.open += weight * this.msPerWeight;
    if (this.pace.isFullFor(0)) this.submit();
  }

  submit(): void {
    if (this.open === 0) return;
    this.submissions.push(this.open);
    this.freeAt = Math.max(this.freeAt, now) + this.open;
    this.open = 0;
    this.pace.submitted();
  }

  /** Submits a read-back; the function that comes back waits for it. */
  read(): () => void {
    this.submit();
    const mark = this.pace.mark();
    const at = this.freeAt + this.latency;
    return () => {
      now = Math.max(now, at);
      this.pace.done(mark);
    };
  }
}

/** 4 GFLOP, 20 ms on the slowest GPU. */
const DISPATCH = 4e9;

function steps(queue: FakeQueue, count: number, dispatches = 50): void {
  for (let step = 0; step < count; step++) {
    for (let i = 0; i < dispatches; i++) queue.dispatch(DISPATCH);
    queue.read()();
  }
}

describe("work of a submission", () => {
  it.each([0.01, 0.1, 1])("comes near 100 ms on a GPU that takes %d of what the slowest does", (speed) => {
    const pace = new Pace("gpu");
    const queue = new FakeQueue(pace, speed);
    steps(queue, 6);
    queue.submissions.length = 0;
    steps(queue, 4, 500);
    expect(Math.max(...queue.submissions)).toBeLessThanOrEqual(101);
    // One further dispatch would not have had space; on the slowest a submission has four of them.
    expect(Math.max(...queue.submissions)).toBeGreaterThan(79);
  });

  it("comes to 30 ms at most beside a page that is seen, and to 100 ms again when it is not", () => {
    const pace = new Pace("gpu");
    const queue = new FakeQueue(pace, 0.05);
    pace.besidePage(true);
    steps(queue, 6, 200);
    queue.submissions.length = 0;
    steps(queue, 2, 200);
    expect(Math.max(...queue.submissions)).toBeLessThanOrEqual(30.1);
    pace.besidePage(false);
    steps(queue, 2, 200);
    expect(Math.max(...queue.submissions)).toBeGreaterThan(90);
  });

  it("begins small on an adapter that nobody has measured", () => {
    const queue = new FakeQueue(new Pace("gpu"), 4);
    steps(queue, 1);
    expect(Math.max(...queue.submissions)).toBeLessThanOrEqual(100);
    // A GPU four times as slow as the slowest met so far is not pressed until it resets.
    steps(queue, 6);
    expect(queue.submissions.at(-1)).toBeLessThanOrEqual(100);
  });

  it("shrinks at once where the GPU has become slower, and learns from later read-backs that it is fast again", () => {
    const pace = new Pace("gpu");
    steps(new FakeQueue(pace, 0.01), 6);
    const fast = pace.limit;
    steps(new FakeQueue(pace, 1), 2);
    expect(pace.limit).toBeLessThan(fast / 20);
    steps(new FakeQueue(pace, 0.01), 20);
    expect(pace.limit).toBeGreaterThan(fast / 1.2);
  });

  it("is measured right where steps are read one bunch behind, the next bunch far larger", () => {
    const pace = new Pace("gpu");
    const queue = new FakeQueue(pace, 0.1);
    let waiting: (() => void) | null = null;
    for (const dispatches of [1, 20, 1, 200, 400, 400]) {
      for (let i = 0; i < dispatches; i++) queue.dispatch(DISPATCH);
      const next = queue.read();
      waiting?.();
      waiting = next;
    }
    waiting?.();
    expect(pace.limit).toBeCloseTo(1000, -1);
  });

  it.each([0.07, 5, 103])("is not thrown off for long by a queue that answers after %d ms", (latency) => {
    const pace = new Pace("gpu");
    steps(new FakeQueue(pace, 0.01, latency), 3, 1);
    steps(new FakeQueue(pace, 0.01, latency), 12, 1000);
    expect(pace.limit).toBeGreaterThan(0.6 * (100 / 0.01));
    expect(pace.limit).toBeLessThanOrEqual(100 / 0.01 + 1);
  });

  it("learns nothing from a time in which a program was compiled", () => {
    const pace = new Pace("gpu");
    const queue = new FakeQueue(pace, 0.1);
    steps(queue, 3);
    const before = pace.limit;
    queue.dispatch(DISPATCH);
    now += 1;
    pace.compiled();
    now += 1500;
    queue.read()();
    expect(pace.limit).toBe(before);
    steps(queue, 8, 400);
    expect(pace.limit).toBeCloseTo(1000, -1);
  });

  it("stays as it is when nothing was done between two read-backs", () => {
    const pace = new Pace("gpu");
    const queue = new FakeQueue(pace, 0.1);
    steps(queue, 3);
    const before = pace.limit;
    now += 5000;
    queue.read()();
    expect(pace.limit).toBe(before);
  });
});

it("weighs by flops or bytes, whichever takes longer, and counts the launch", () => {
  const pace = new Pace("gpu");
  const launch = pace.weightOf({ flops: 0, bytes: 0 });
  expect(launch).toBeGreaterThan(0);
  expect(pace.weightOf({ flops: 2e8, bytes: 1 })).toBeCloseTo(launch + 1);
  expect(pace.weightOf({ flops: 1, bytes: 2e7 })).toBeCloseTo(launch + 2);
});

it("divides work that is too long by itself, by a power of two", () => {
  const pace = new Pace("gpu");
  steps(new FakeQueue(pace, 1), 8);
  expect(pace.partsOf({ flops: 2e8 * 190, bytes: 0 })).toBe(1);
  expect(pace.partsOf({ flops: 2e8 * 300, bytes: 0 })).toBe(4);
  pace.besidePage(true);
  expect(pace.partsOf({ flops: 2e8 * 90, bytes: 0 })).toBe(4);
  // What is small on the slowest GPU is never divided, whatever was measured.
  steps(new FakeQueue(pace, 1000), 8, 4);
  expect(pace.partsOf({ flops: 2e8 * 19, bytes: 0 })).toBe(1);
});
