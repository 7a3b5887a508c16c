import fc from "fast-check";
import { expect, it } from "vitest";
import { dataMap, regionAt, regionNames } from "../../src/insight/data-map.ts";
import { dataMapCsv, givenText, regionCounts } from "../../src/insight/data-map-lines.ts";

/** Epochs by the probabilities of the given label, which is predicted from one half on. */
const epochsOf = (epochs: readonly (readonly number[])[]) =>
  epochs.map((values) => ({
    probabilities: Float32Array.from(values),
    isRight: Uint8Array.from(values, (value) => Number(value >= 0.5)),
  }));

const rounded = (values: Iterable<number>) => Array.from(values, (one) => Number(one.toFixed(6)));

const three = [
  [0.9, 0.1, 0.2],
  [0.9, 0.1, 0.6],
  [0.9, 0.1, 0.9],
];

it("maps rows by mean and deviation of the label's probability over the epochs", () => {
  const map = dataMap(epochsOf(three));
  expect(rounded(map.confidence)).toEqual([0.9, 0.1, 0.566667]);
  // numpy: np.std([0.2, 0.6, 0.9])
  expect(map.variability[2]).toBeCloseTo(0.286744, 5);
  expect(rounded(map.correctness)).toEqual([1, 0, 0.666667]);
  expect([0, 1, 2].map((row) => regionAt(map, row))).toEqual(["easy", "hard", "ambiguous"]);
  expect(regionCounts(map)).toEqual({ easy: 1, ambiguous: 1, hard: 1 });
  expect(dataMap([]).regions).toHaveLength(0);
});

it("calls rows hard that are wrong all along, however high the mean over their labels or words is", () => {
  const wrong = { probabilities: Float32Array.of(0.95, 0.95), isRight: Uint8Array.of(0, 1) };
  const map = dataMap([wrong, wrong]);
  expect([0, 1].map((row) => regionAt(map, row))).toEqual(["hard", "easy"]);
});

it("keeps all numbers in bounds, and calls a third of the rows ambiguous at most where none are alike", () => {
  const probability = fc.float({ min: 0, max: 1, noNaN: true });
  const epochs = fc
    .integer({ min: 1, max: 40 })
    .chain((rows) =>
      fc.array(fc.array(probability, { minLength: rows, maxLength: rows }), { minLength: 2, maxLength: 6 }),
    );
  fc.assert(
    fc.property(epochs, (values) => {
      const map = dataMap(epochsOf(values));
      const rows = values[0]?.length ?? 0;
      const counts = regionCounts(map);
      expect(regionNames.reduce((sum, region) => sum + counts[region], 0)).toBe(rows);
      for (let row = 0; row < rows; row++) {
        const own = values.map((epoch) => Math.fround(epoch[row] ?? NaN));
        expect(map.confidence[row]).toBeGreaterThanOrEqual(Math.min(...own) - 1e-9);
        expect(map.confidence[row]).toBeLessThanOrEqual(Math.max(...own) + 1e-9);
        // The deviation of numbers from 0 to 1 is at most one half.
        expect(map.variability[row]).toBeLessThanOrEqual(0.5 + 1e-9);
      }
      if (new Set(map.variability).size === rows) expect(counts.ambiguous).toBe(Math.floor(rows / 3));
    }),
  );
});

it("is written with cells as they are in the table, a pair only where rows have one", () => {
  const map = { ...dataMap(epochsOf(three)), labels: ["good", "bad", "good"] };
  const texts = ["fine, really", 'a "quote"', "=1+1"];
  const lines = [...dataMapCsv(map, (row) => ({ tableRow: 2 * row + 1, text: texts[row] ?? "", pair: null }))];
  expect(lines.join("")).toBe(
    [
      "row,label,confidence,variability,correctness,region,text",
      '1,good,0.9,0,1,easy,"fine, really"',
      '3,bad,0.1,0,0,hard,"a ""quote"""',
      "5,good,0.5666667,0.2867442,0.6666667,ambiguous,=1+1",
      "",
    ].join("\r\n"),
  );
  const [header, first] = dataMapCsv(map, () => ({ tableRow: 1, text: "a", pair: "b" }), { neutralize: true });
  expect([header, first]).toEqual([
    "row,label,confidence,variability,correctness,region,text,pair\r\n",
    "1,good,0.9,0,1,easy,a,b\r\n",
  ]);
});

it("says what a row is labelled with: a class, several labels, or the tags of its words", () => {
  const names = ["O", "B-LOC"];
  expect(givenText({}, { labels: Int32Array.of(0, 1) }, names, 1)).toBe("B-LOC");
  expect(givenText({ scoredBy: "sigmoid" }, { labels: Float32Array.of(0, 1, 1, 1), labelWidth: 2 }, names, 1)).toBe(
    "O; B-LOC",
  );
  const words = { labels: Int32Array.of(0, 2, 0, 3, 5, 1), labelStart: Int32Array.of(0, 6) };
  expect(givenText({ asks: "words" }, words, names, 0)).toBe("O B-LOC");
});
