import { describe, expect, it } from "vitest";
import type { LongTexts } from "../../src/data/text-limit.ts";
import { encodeRows, joinRows } from "../../src/tokenize/encode-rows.ts";
import { rowsOfText } from "../../src/tokenize/long-texts.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { smallTokenizer } from "./starter-tokenizer.ts";

const limit = (longTexts: LongTexts, windowOverlap = 0) => ({ maxLength: 0, longTexts, windowOverlap });
const single = (first: number) => ({ first, second: null });

describe("rowsOfText", () => {
  it("leaves what fits as it is", () => {
    for (const how of ["cut", "head-and-tail", "windows"] as const) {
      expect(rowsOfText({ first: 3, second: 4 }, 7, limit(how, 2))).toEqual([
        [[{ from: 0, to: 3 }], [{ from: 0, to: 4 }]],
      ]);
    }
  });

  it("keeps the first 128 and the last 382 of 510 tokens, as Sun et al. do", () => {
    expect(rowsOfText(single(2000), 510, limit("head-and-tail"))[0]?.[0]).toEqual([
      { from: 0, to: 128 },
      { from: 1618, to: 2000 },
    ]);
  });

  it("keeps head and tail of the longer text of a pair", () => {
    expect(rowsOfText({ first: 4, second: 100 }, 12, limit("head-and-tail"))).toEqual([
      [
        [{ from: 0, to: 4 }],
        [
          { from: 0, to: 2 },
          { from: 94, to: 100 },
        ],
      ],
    ]);
  });

  it("cuts windows that overlap, and ends with the text", () => {
    const windows = rowsOfText(single(25), 10, limit("windows", 4)).map(([[first]]) => first);
    expect(windows).toEqual([
      { from: 0, to: 10 },
      { from: 6, to: 16 },
      { from: 12, to: 22 },
      { from: 18, to: 25 },
    ]);
  });

  it("cuts the second text of a pair into windows, beside the whole first one", () => {
    expect(rowsOfText({ first: 4, second: 11 }, 10, limit("windows", 2))).toEqual([
      [[{ from: 0, to: 4 }], [{ from: 0, to: 6 }]],
      [[{ from: 0, to: 4 }], [{ from: 4, to: 10 }]],
      [[{ from: 0, to: 4 }], [{ from: 8, to: 11 }]],
    ]);
  });

  it("cuts a pair whose first text takes more than half of the room", () => {
    expect(rowsOfText({ first: 6, second: 11 }, 10, limit("windows", 2))).toEqual(
      rowsOfText({ first: 6, second: 11 }, 10, limit("cut")),
    );
  });

  it("refuses an overlap of half a window", () => {
    expect(() => rowsOfText(single(25), 10, limit("windows", 5))).toThrow(/overlap by 5 tokens.*room for 10/);
  });
});

describe("encodeRows with windows", () => {
  const tokenizer = createTokenizer(smallTokenizer(["a", "b", "c"]));
  const windows = { maxLength: 5, longTexts: "windows", windowOverlap: 1 } as const;

  it("says where each text's windows begin", () => {
    const rows = encodeRows(["a", "a b c a b", "c"], null, windows, tokenizer);
    expect([...rows.ids]).toEqual([2, 4, 3, 2, 4, 5, 6, 3, 2, 6, 4, 5, 3, 2, 6, 3]);
    expect([...rows.rowStart]).toEqual([0, 3, 8, 13, 16]);
    expect([...(rows.textStart ?? [])]).toEqual([0, 1, 3, 4]);
    expect([...rows.fullLengths]).toEqual([3, 7, 3]);
  });

  it("joins chunks with and without windows", () => {
    const texts = ["a b", "a b c a b", "", "c c c c c c c c", "a"];
    const chunks = texts.map((text) => encodeRows([text], null, windows, tokenizer));
    expect(joinRows(chunks)).toEqual(encodeRows(texts, null, windows, tokenizer));
  });
});
