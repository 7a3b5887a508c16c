import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pageOf, type Measured } from "../../bench/runner/results.ts";

it("bench/RESULTS.md is what bench/results.json comes to", () => {
  const results = JSON.parse(readFileSync("bench/results.json", "utf8")) as Record<string, Measured>;
  expect(pageOf(results)).toBe(readFileSync("bench/RESULTS.md", "utf8"));
});
