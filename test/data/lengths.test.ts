import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogramOfLengths, wordLengths } from "../../src/data/lengths.ts";
import { rowsOf } from "./rows-of.ts";

describe("wordLengths", () => {
  it("counts runs of anything but white space, in both texts", () => {
    const rows = rowsOf([
      ["one", 0],
      [" two  words\n", 0],
      ["a\u00a0b\u3000c", 0],
      ["it's 4-fold, isn't it?", 0],
    ]);
    expect([...wordLengths(rows)]).toEqual([1, 2, 3, 4]);
    expect([...wordLengths({ ...rows, pairs: ["x", "", "y z", "w"] })]).toEqual([2, 2, 5, 5]);
  });

  it("agrees with the words that a split at white space gives", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", " ", "\t", "\n", "\u2003", "\u2028", ".") });
    fc.assert(
      fc.property(text, (one) => {
        const words = one.split(/\s+/).filter((word) => word !== "");
        expect(wordLengths(rowsOf([[one, 0]]))[0]).toBe(words.length);
      }),
    );
  });
});

describe("histogramOfLengths", () => {
  it("counts by bins of width 1 while they suffice", () => {
    expect(histogramOfLengths(Int32Array.from([1, 1, 2, 4]), "words")).toEqual({
      unit: "words",
      binWidth: 1,
      counts: [2, 1, 0, 1],
      longest: 4,
      mean: 2,
      longerThan: [4, 2, 1, 1, 0],
    });
  });

  it("holds every row in the bin of its length, and says how many a cut would shorten", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1 }), (lengths) => {
        const histogram = histogramOfLengths(Int32Array.from(lengths), "tokens");
        const { binWidth, counts, longerThan } = histogram;
        expect(counts.length).toBeLessThanOrEqual(40);
        counts.forEach((count, bin) => {
          const isLast = bin === counts.length - 1;
          const inBin = (length: number) => length > bin * binWidth && (isLast || length <= (bin + 1) * binWidth);
          expect(count).toBe(lengths.filter(inBin).length);
        });
        expect(longerThan).toHaveLength(Math.min(8192, Math.max(...lengths)) + 1);
        for (const cut of [0, 1, 128, 512, 8191, 8192]) {
          if (cut < longerThan.length) expect(longerThan[cut]).toBe(lengths.filter((length) => length > cut).length);
        }
        expect(histogram.longest).toBe(Math.max(...lengths));
      }),
    );
  });

  it("takes no rows at all", () => {
    const empty = histogramOfLengths(new Int32Array(0), "words");
    expect(empty).toEqual({ unit: "words", binWidth: 1, counts: [0], longest: 0, mean: 0, longerThan: [0] });
  });
});
