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
        const { count, start } = cutIntoChunks(rows, null);
        expect(start[0]).toBe(0);
        expect(start.at(-1)).toBe(rows.length);
        expect(start.length).toBe(rows.length === 0 ? 1 : count + 1);
        for (let i = 0; i < count; i++) {
          const chunk = rows.slice(start[i], start[i + 1]);
          expect(chunk.length).toBeGreaterThan(0);
          const allButLast = chunk.slice(0, -1).reduce((sum, text) => sum + text.length, 0);
          expect(allButLast).toBeLessThan(65_536);
        }
      }),
    );
  });

  it("cuts short rows by their number and counts both texts of a pair", () => {
    const rows = new Array<string>(1200).fill("short");
    expect(cutIntoChunks(rows, null)).toEqual({ count: 3, start: [0, 512, 1024, 1200] });
    const pairs = new Array<string>(4).fill("y".repeat(40_000));
    expect(cutIntoChunks(["a", "b", "c", "d"], pairs).start).toEqual([0, 2, 4]);
  });

  it("makes no chunk of no rows", () => {
    expect(cutIntoChunks([], null).count).toBe(0);
  });
});
