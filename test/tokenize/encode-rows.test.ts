import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeRows, joinRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { smallTokenizer } from "./starter-tokenizer.ts";

const tokenizer = createTokenizer(smallTokenizer(["a", "b", "c"]));
const texts = fc.array(
  fc.array(fc.constantFrom("a", "b", "c", "?"), { maxLength: 90 }).map((words) => words.join(" ")),
  { maxLength: 20 },
);

describe("encodeRows", () => {
  it("lays rows end to end without padding", () => {
    expect(encodeRows(["a b", "", "c c c"], null, 4, tokenizer)).toEqual({
      ids: Int32Array.of(2, 4, 5, 3, 2, 3, 2, 6, 6, 3),
      types: new Int32Array(10),
      rowStart: Int32Array.of(0, 4, 6, 10),
      fullLengths: Int32Array.of(4, 2, 5),
    });
  });

  it("encodes pairs", () => {
    const rows = encodeRows(["a"], ["b"], 8, tokenizer);
    expect([...rows.ids]).toEqual([2, 4, 3, 5, 3]);
    expect([...rows.types]).toEqual([0, 0, 0, 1, 1]);
  });

  it("gives each row what encoding it alone gives", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 120 }), (rows, maxLength) => {
        const encoded = encodeRows(rows, null, maxLength, tokenizer);
        expect(encoded.rowStart.length).toBe(rows.length + 1);
        rows.forEach((text, row) => {
          const alone = tokenizer.encode(text, null, maxLength);
          expect([...encoded.ids.slice(encoded.rowStart[row], encoded.rowStart[row + 1])]).toEqual(alone.ids);
          expect(encoded.fullLengths[row]).toBe(alone.fullLength);
        });
      }),
    );
  });
});

describe("joinRows", () => {
  it("undoes a cut into chunks", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), (rows, size) => {
        const chunks = [];
        for (let i = 0; i < rows.length; i += size) {
          chunks.push(encodeRows(rows.slice(i, i + size), null, 32, tokenizer));
        }
        expect(joinRows(chunks)).toEqual(encodeRows(rows, null, 32, tokenizer));
      }),
    );
  });
});
