import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutIntoChunks } from "../../src/workers/chunks.ts";

describe("cutIntoChunks", () => {
  it("covers all rows once, in order, in chunks of bounded size", () => {
    const texts = fc.array(
      fc.integer({ min: 0, max: 30_000 }).map((length) => "x".repeat(length)),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(texts, (rows) => {
        const chunks = [...cutIntoChunks(rows, null)];
        expect(chunks.flatMap((chunk) => chunk.texts)).toEqual(rows);
        expect(chunks.map(({ isLast }) => isLast)).toEqual(chunks.map((_, i) => i === chunks.length - 1));
        let start = 0;
        for (const { texts, start: first } of chunks) {
          expect(first).toBe(start);
          start += texts.length;
          expect(texts.length).toBeGreaterThan(0);
          const allButLast = texts.slice(0, -1).reduce((sum, text) => sum + text.length, 0);
          expect(allButLast).toBeLessThan(65_536);
        }
      }),
    );
  });

  it("cuts short rows by their number and counts both texts of a pair", () => {
    const rows = new Array<string>(1200).fill("short");
    expect(Array.from(cutIntoChunks(rows, null), ({ start }) => start)).toEqual([0, 512, 1024]);
    const pairs = new Array<string>(4).fill("y".repeat(40_000));
    const chunks = [...cutIntoChunks(["a", "b", "c", "d"], pairs)];
    expect(chunks.map(({ start }) => start)).toEqual([0, 2]);
    expect(chunks[1]).toEqual({ start: 2, texts: ["c", "d"], pairs: pairs.slice(2), isLast: true });
  });

  it("makes no chunk of no rows", () => {
    expect([...cutIntoChunks([], null)]).toEqual([]);
  });
});
