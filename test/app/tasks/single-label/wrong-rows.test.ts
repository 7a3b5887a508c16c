import { describe, expect, it } from "vitest";
import { rowScoresFrom } from "../../../metrics/row-scores-from.ts";
import { matchesFilter, wrongByClass, wrongRows } from "../../../../src/app/tasks/single-label/wrong-rows.ts";

const truth = Int32Array.from([0, 1, 2, 0, 1]);
const probabilities = [
  ...[0.75, 0.25, 0],
  ...[0.5, 0.25, 0.25],
  ...[0, 1, 0],
  ...[0.25, 0.5, 0.25],
  ...[0, 0.875, 0.125],
];
const results = { truth: { labels: truth }, scores: rowScoresFrom(truth, probabilities, 3) };

describe("wrongRows", () => {
  it("lists the wrong rows, the most confident first, then by row", () => {
    expect(wrongRows(results)).toEqual([
      { row: 2, truth: 2, predicted: 1, confidence: 1, truthProbability: 0 },
      { row: 1, truth: 1, predicted: 0, confidence: 0.5, truthProbability: 0.25 },
      { row: 3, truth: 0, predicted: 1, confidence: 0.5, truthProbability: 0.25 },
    ]);
  });

  it("takes the first of equally probable classes, as the report does", () => {
    const first = Int32Array.of(0);
    expect(wrongRows({ truth: { labels: first }, scores: rowScoresFrom(first, [0.5, 0.5], 2) })).toEqual([]);
  });
});

describe("matchesFilter", () => {
  const rows = (filter: Parameters<typeof matchesFilter>[1]) =>
    wrongRows(results)
      .filter((row) => matchesFilter(row, filter))
      .map(({ row }) => row);

  it("narrows by true and by predicted class", () => {
    expect(rows({ truth: null, predicted: null })).toEqual([2, 1, 3]);
    expect(rows({ truth: null, predicted: 1 })).toEqual([2, 3]);
    expect(rows({ truth: 0, predicted: 1 })).toEqual([3]);
    expect(rows({ truth: 1, predicted: 1 })).toEqual([]);
  });
});

describe("wrongByClass", () => {
  const row = (truth: number, predicted: number) => ({ row: 0, truth, predicted, confidence: 1, truthProbability: 0 });
  const rows = [row(3, 1), row(7, 1), row(3, 0), row(2, 9)];

  it("counts the rows of each class that has some, the most first, equal ones in class order", () => {
    expect(wrongByClass(rows, "truth")).toEqual([
      { index: 3, rows: 2 },
      { index: 2, rows: 1 },
      { index: 7, rows: 1 },
    ]);
    expect(wrongByClass(rows, "predicted").map(({ index }) => index)).toEqual([1, 0, 9]);
  });
});
