import { expect, it } from "vitest";
import { cycleOver } from "../../../src/run/machine/peaks.ts";

it("leads a chain of loads once through every line of a buffer", () => {
  const bytes = 64 * 1000;
  const places = cycleOver(bytes);
  expect(places).toHaveLength(bytes / 4);
  const seen = new Set<number>();
  for (let at = 0; !seen.has(at); at = places[at] ?? -1) seen.add(at);
  expect(seen.size).toBe(1000);
  expect([...seen].every((at) => at % 16 === 0)).toBe(true);
});
