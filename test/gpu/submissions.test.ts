import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MOST_DISPATCHES, Pace } from "../../src/gpu/submissions.ts";

let now = 0;

beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Work of 100 dispatches at this cost, read back. */
function work(pace: Pace, msPerDispatch: number): number {
  for (let i = 0; i < 100; i++) pace.countDispatch();
  now += 100 * msPerDispatch;
  pace.workDone();
  return pace.perSubmission;
}

describe("dispatches of a submission", () => {
  it.each([
    [0.01, MOST_DISPATCHES],
    [1.6, 62],
    [5, 20],
    [6.3, 15],
    [60, 1],
    [500, 1],
  ])("at %d ms each stay under 100 ms together: %i", (cost, expected) => {
    expect(work(new Pace(), cost)).toBe(expected);
  });

  it("stay as they are when nothing was done between two read-backs", () => {
    const pace = new Pace();
    const before = work(pace, 6.3);
    now += 5000;
    pace.workDone();
    expect(pace.perSubmission).toBe(before);
  });
});
