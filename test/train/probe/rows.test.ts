import { expect, it } from "vitest";
import { mostFitted, probedTexts } from "../../../src/train/probe/rows.ts";

/** Rows of ten tokens each. */
const rows = (count: number) => ({
  ids: new Int32Array(10 * count),
  types: new Int32Array(10 * count),
  rowStart: Int32Array.from({ length: count + 1 }, (_, row) => 10 * row),
  fullLengths: new Int32Array(count).fill(10),
  labels: new Int32Array(count),
});

it("takes all texts where they stay within the limit, and else a share by the seed", () => {
  const sets = { train: rows(80), validation: rows(20) };
  const all = probedTexts(sets, { mostTokens: 1000, fewest: 5, seed: 1 });
  expect([all.train.length, all.validation.length]).toEqual([80, 20]);
  const share = probedTexts(sets, { mostTokens: 300, fewest: 5, seed: 1 });
  expect([share.train.length, share.validation.length]).toEqual([15, 15]);
  expect([...share.train]).toEqual([...share.train].sort((a, b) => a - b));
  expect(probedTexts(sets, { mostTokens: 300, fewest: 5, seed: 1 })).toEqual(share);
  expect(probedTexts(sets, { mostTokens: 300, fewest: 5, seed: 2 })).not.toEqual(share);
});

it("takes the fewest texts also where they are too long, and counts the windows of a text together", () => {
  const windowed = { ...rows(40), textStart: Int32Array.from({ length: 11 }, (_, text) => 4 * text) };
  const few = probedTexts({ train: windowed, validation: windowed }, { mostTokens: 10, fewest: 3, seed: 1 });
  expect([few.train.length, few.validation.length]).toEqual([3, 3]);
  const share = probedTexts({ train: windowed, validation: windowed }, { mostTokens: 400, fewest: 1, seed: 1 });
  expect([share.train.length, share.validation.length]).toEqual([5, 5]);
});

it("takes fewer training texts where a fit to all would have too many products", () => {
  const sets = { train: rows(80), validation: rows(20) };
  const some = probedTexts(sets, { mostTokens: 1000, mostTrain: 30, fewest: 5, seed: 1 });
  expect([some.train.length, some.validation.length]).toEqual([30, 20]);
  expect(probedTexts(sets, { mostTokens: 1000, mostTrain: 3, fewest: 5, seed: 1 }).train).toHaveLength(5);
  // A usual number of classes has no such limit in practice, thousands of them have.
  expect(mostFitted(2 * 384)).toBeGreaterThan(300_000);
  expect(mostFitted(3000 * 64)).toBe(1562);
});
