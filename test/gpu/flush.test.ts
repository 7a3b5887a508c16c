import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { countDispatch, dispatchesPerSubmission, MOST_DISPATCHES, workDone } from "../../src/gpu/flush.ts";

let now = 0;

beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Work of 100 dispatches at this cost, read back. */
function work(msPerDispatch: number): number {
  for (let i = 0; i < 100; i++) countDispatch();
  now += 100 * msPerDispatch;
  workDone();
  return dispatchesPerSubmission();
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
    expect(work(cost)).toBe(expected);
  });

  it("stay as they are when nothing was done between two read-backs", () => {
    const before = work(6.3);
    now += 5000;
    workDone();
    expect(dispatchesPerSubmission()).toBe(before);
  });
});
