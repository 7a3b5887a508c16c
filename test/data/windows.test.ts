import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowCount } from "../../src/data/batches.ts";
import type { EncodedRows } from "../../src/data/rows.ts";
import {
  labelled,
  rowsOfTexts,
  textCount,
  textLabels,
  tokensOfFirst,
  WindowMeans,
  windowsAsTexts,
} from "../../src/data/windows.ts";

/** Texts of one, three and two windows, of two tokens each. */
const rows: EncodedRows = {
  ids: new Int32Array(12),
  types: new Int32Array(12),
  rowStart: Int32Array.of(0, 2, 4, 6, 8, 10, 12),
  fullLengths: Int32Array.of(2, 5, 4),
  textStart: Int32Array.of(0, 1, 4, 6),
};
const plain: EncodedRows = {
  ids: new Int32Array(3),
  types: new Int32Array(3),
  rowStart: Int32Array.of(0, 1, 3),
  fullLengths: Int32Array.of(1, 9),
};

describe("texts of several windows", () => {
  it("are counted as texts, and as rows", () => {
    expect([textCount(rows), rowCount(rows)]).toEqual([3, 6]);
    expect([textCount(plain), rowCount(plain)]).toEqual([2, 2]);
    expect([1, 2, 3].map((texts) => tokensOfFirst(rows, texts))).toEqual([2, 8, 12]);
    expect(tokensOfFirst(plain, 2)).toBe(3);
  });

  it("have all of their windows, in the order of the texts", () => {
    expect([...rowsOfTexts(rows, Int32Array.of(2, 0, 1))]).toEqual([4, 5, 0, 1, 2, 3]);
    expect([...rowsOfTexts(plain, Int32Array.of(1, 0))]).toEqual([1, 0]);
  });

  it("give their label to each window", () => {
    const data = labelled(rows, { labels: Int32Array.of(7, 8, 9) });
    expect([...data.labels]).toEqual([7, 8, 8, 8, 9, 9]);
    expect([...textLabels(data).labels]).toEqual([7, 8, 9]);
    expect([...textLabels(labelled(plain, { labels: Int32Array.of(1, 0) })).labels]).toEqual([1, 0]);
  });

  it("are texts of their own to a language model", () => {
    expect(windowsAsTexts(rows)).toEqual({
      ids: rows.ids,
      types: rows.types,
      rowStart: rows.rowStart,
      fullLengths: new Int32Array(6).fill(2),
    });
    expect(windowsAsTexts(plain)).toEqual(plain);
  });
});

describe("WindowMeans", () => {
  it("averages the outputs of each text's windows, however they come", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 4 }), fc.nat(), (windows, width, seed) => {
        const textStart = Int32Array.of(0, ...windows.map((_, i) => windows.slice(0, i + 1).reduce((a, b) => a + b)));
        const total = textStart.at(-1) ?? 0;
        const order = Int32Array.from(windows.keys()).reverse();
        const outputs = Float32Array.from({ length: total * width }, (_, i) => ((i * 7 + seed) % 13) / 4);
        const means = new WindowMeans({ rowStart: new Int32Array(total + 1), textStart }, order, width);
        const found: number[] = [];
        for (let at = 0, size = 1; at < total; at += size, size = 1 + ((at + seed) % 3)) {
          found.push(...means.add(outputs.subarray(at * width, (at + size) * width)));
        }
        let row = 0;
        const expected = [...order].flatMap((text) => {
          const own = windows[text] ?? 0;
          const from = row;
          row += own;
          return Array.from({ length: width }, (_, k) => {
            let sum = 0;
            for (let i = from; i < row; i++) sum += outputs[i * width + k] ?? NaN;
            return Math.fround(sum / own);
          });
        });
        expect(found).toEqual(expected);
      }),
    );
  });

  it("passes outputs on where each row is a text", () => {
    const outputs = Float32Array.of(1, 2, 3, 4);
    expect(new WindowMeans(plain, Int32Array.of(0, 1), 2).add(outputs)).toBe(outputs);
  });
});
