import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PickedTexts, TextColumn } from "../../src/io/text-column.ts";

const text = fc.string({ unit: fc.constantFrom("a", "é", "\n", "北", "😀", "\ufeff", "\0", "e\u0301"), maxLength: 4 });

describe("TextColumn", () => {
  it("gives back what was put in, before and after it is sealed", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 800, size: "max" }), (texts) => {
        const open = new TextColumn();
        for (const one of texts) open.push(one);
        const sealed = TextColumn.of(texts);
        for (const column of [open, sealed]) {
          expect(column.length).toBe(texts.length);
          expect([...column]).toEqual(texts);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("can be read in any order, and has nothing past its ends", () => {
    const texts = Array.from({ length: 600 }, (_, row) => `é${row}`);
    const column = TextColumn.of(texts);
    for (const row of [599, 0, 256, 255, 511, 512, 3]) expect(column.at(row)).toBe(texts[row]);
    expect([column.at(600), column.at(700), column.at(-1), column.at(5000)]).toEqual(Array(4).fill(undefined));
    expect(TextColumn.of([]).at(0)).toBeUndefined();
  });

  it("replaces halves of pairs of surrogates, and nothing around them", () => {
    expect([...TextColumn.of(["a\ud800", "b", "\udc00c"])]).toEqual(["a\ufffd", "b", "\ufffdc"]);
  });
});

describe("PickedTexts", () => {
  it("has the rows that were picked, in their order, however often", () => {
    const picked = new PickedTexts(TextColumn.of(["a", "b", "c"]), Int32Array.of(2, 0, 2));
    expect([...picked]).toEqual(["c", "a", "c"]);
    expect([picked.length, picked.at(1), picked.at(3)]).toEqual([3, "a", undefined]);
    expect([...new PickedTexts(picked, Int32Array.of(1))]).toEqual(["a"]);
  });
});
