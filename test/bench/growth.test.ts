import { expect, it } from "vitest";
import { factors } from "../../bench/sections/growth/growth.ts";

it("says how many times the size before each takes", () => {
  expect(factors([10, 19, 76])).toEqual(["", "×1.9", "×4.0"]);
});
