import { describe, expect, it } from "vitest";
import { threadCount } from "../../src/gpu/thread-count.ts";

describe("threadCount", () => {
  it("is the number of cores where memory can be shared", () => {
    expect([1, 2, 4, 16].map((cores) => threadCount({ SharedArrayBuffer }, cores))).toEqual([1, 2, 4, 16]);
  });

  it("is 1 without SharedArrayBuffer, in an isolated page too", () => {
    const webKit = { crossOriginIsolated: true, SharedArrayBuffer: undefined };
    expect(threadCount(webKit, 4)).toBe(1);
    expect(threadCount({}, 8)).toBe(1);
  });
});
