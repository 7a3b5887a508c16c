import { expect, it } from "vitest";
import { factors } from "../../bench/growth-bench.ts";

it("says how many times the size before each takes", () => {
  expect(factors([10, 19, 76])).toEqual(["", "×1.9", "×4.0"]);
});
