import fc from "fast-check";
import { expect, it } from "vitest";
import type { LabelledRows } from "../../src/data/rows.ts";
import { rowsFingerprint } from "../../src/data/rows-fingerprint.ts";

function rows(texts: string[], classes: number[], labelNames = ["ham", "spam"]): LabelledRows {
  const tableRows = Int32Array.from(texts.keys());
  return { texts, pairs: null, labels: Int32Array.from(classes), labelNames, tableRows, lines: null };
}

it("is the same for the same rows, whatever the numbers of their labels", () => {
  const own = rowsFingerprint(rows(["a", "b"], [0, 1]));
  expect(own).toMatch(/^[0-9a-f]{16}$/);
  expect(rowsFingerprint(rows(["a", "b"], [1, 0], ["spam", "ham"]))).toBe(own);
  expect(rowsFingerprint(rows(["c", "a", "b"], [1, 0, 1]), Int32Array.of(1, 2))).toBe(own);
});

it("differs where a text, a label, a second text or the order does", () => {
  const own = rowsFingerprint(rows(["a", "b"], [0, 1]));
  const others = [
    rows(["a", "b "], [0, 1]),
    rows(["a", "b"], [0, 0]),
    rows(["b", "a"], [1, 0]),
    rows(["a"], [0]),
    rows(["ab", ""], [0, 1]),
    { ...rows(["a", "b"], [0, 1]), pairs: ["", ""] },
    { ...rows(["a", "b"], []), labels: Float32Array.of(0, 1), labelNames: [] },
  ];
  const all = [own, ...others.map((one) => rowsFingerprint(one))];
  expect(new Set(all).size).toBe(all.length);
});

it("reads several labels by their names, and the tags of words", () => {
  const marked = (labels: number[], labelNames: string[]) =>
    rowsFingerprint({ ...rows(["a"], [], labelNames), labels: Float32Array.from(labels), labelWidth: 2 });
  expect(marked([1, 0], ["joy", "fear"])).toBe(marked([0, 1], ["fear", "joy"]));
  expect(marked([1, 0], ["joy", "fear"])).not.toBe(marked([0, 1], ["joy", "fear"]));
  const tagged = (labels: number[], labelStart: number[]) =>
    rowsFingerprint({ ...rows(["a b", "c"], labels, ["O", "B-PER"]), labelStart: Int32Array.from(labelStart) });
  expect(tagged([0, 1, 0], [0, 2, 3])).not.toBe(tagged([0, 1, 1], [0, 2, 3]));
});

it("is another for almost any other texts", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (some, others) => {
      const of = (texts: string[]) =>
        rowsFingerprint(
          rows(
            texts,
            texts.map(() => 0),
          ),
        );
      expect(of(some) === of(others)).toBe(JSON.stringify(some) === JSON.stringify(others));
    }),
  );
});
