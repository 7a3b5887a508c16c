import { expect, it } from "vitest";
import { originalCount, withOwnCopies } from "../../src/run/fold-result.ts";

it("rows of a fold are followed by copies of these alone", () => {
  const input = { labels: { labels: new Int32Array(7) }, copyOf: Int32Array.of(0, 1, 1) };
  expect(originalCount(input)).toBe(4);
  expect([...withOwnCopies(input, Int32Array.of(1, 3))]).toEqual([1, 3, 5, 6]);
  expect([...withOwnCopies(input, Int32Array.of(2, 3))]).toEqual([2, 3]);
  const rows = Int32Array.of(0, 2);
  expect(withOwnCopies({ labels: input.labels }, rows)).toBe(rows);
});
