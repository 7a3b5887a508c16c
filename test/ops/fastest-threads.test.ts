import { expect, it } from "vitest";
import { fastest } from "../../src/ops/fastest-threads.ts";

it("as many threads as are clearly the fastest, and of nearly equal numbers the largest", () => {
  expect(
    fastest([
      { count: 2, ms: 52 },
      { count: 1, ms: 100 },
    ]),
  ).toBe(2);
  expect(
    fastest([
      { count: 8, ms: 30 },
      { count: 7, ms: 29 },
      { count: 4, ms: 29.5 },
    ]),
  ).toBe(8);
  expect(
    fastest([
      { count: 8, ms: 40 },
      { count: 7, ms: 36 },
      { count: 4, ms: 25 },
    ]),
  ).toBe(4);
});
