import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupRows } from "../../src/data/groups.ts";
import { rowsOf } from "./rows-of.ts";

describe("groupRows", () => {
  it("numbers equal texts alike, in order of first appearance", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 3 });
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const known = [...new Set(texts)];
        const { groupOf, count } = groupRows(rowsOf(texts.map((one) => [one, 0])));
        expect(count).toBe(known.length);
        expect([...groupOf]).toEqual(texts.map((one) => known.indexOf(one)));
      }),
    );
  });

  it("keeps thirty thousand texts apart that differ in little", () => {
    const texts = Array.from({ length: 30_000 }, (_, row): [string, number] => [`text ${row.toString(2)}`, 0]);
    expect(groupRows(rowsOf([...texts, ...texts])).count).toBe(30_000);
  });

  it("tells the two texts of a pair apart", () => {
    const rows = {
      ...rowsOf([
        ["ab", 0],
        ["a", 0],
        ["ab", 0],
      ]),
      pairs: ["c", "bc", "c"],
    };
    expect(groupRows(rows)).toEqual({ groupOf: Int32Array.of(0, 1, 0), count: 2 });
  });
});
