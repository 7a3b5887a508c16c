import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  countDispatch,
  dispatchesPerSubmission,
  MOST_DISPATCHES,
  settleAnew,
  watchSubmissions,
  workDone,
} from "../../src/gpu/flush.ts";

let now = 0;

beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => now);
  settleAnew();
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
    [1.6, 32],
    [5, 16],
    [6.3, 8],
    [60, 1],
    [500, 1],
  ])("at %d ms each stay under 100 ms together, as a power of two: %i", (cost, expected) => {
    expect(work(cost)).toBe(expected);
  });

  it("rise no more after eight read-backs, but fall and come back", () => {
    work(60);
    settleAnew();
    for (let i = 0; i < 8; i++) expect(work(6.3)).toBe(8);
    expect(work(0.01)).toBe(8);
    expect(work(30)).toBe(2);
    expect(work(0.01)).toBe(8);
    settleAnew();
    expect(work(0.01)).toBe(MOST_DISPATCHES);
  });

  it("are watched: the most there have been since", () => {
    work(0.01);
    const most = watchSubmissions();
    work(60);
    work(6.3);
    settleAnew();
    work(30);
    expect(most()).toBe(8);
  });

  it("stay as they are when nothing was done between two read-backs", () => {
    const before = work(6.3);
    now += 5000;
    workDone();
    expect(dispatchesPerSubmission()).toBe(before);
  });
});
