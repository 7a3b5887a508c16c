import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelledRows } from "../../src/data/rows.ts";
import { splitRows as splitByStrata } from "../../src/data/split.ts";
import { classTargets } from "../../src/tasks/single-label/targets.ts";
import { rowsOf } from "./rows-of.ts";

const share = fc.double({ min: 0.05, max: 0.9, noNaN: true });
/** Few texts, so that many rows are equal; a text may stand under several labels. */
const anyRows = fc.array(
  fc.tuple(
    fc.nat(30).map((text) => `text ${text}`),
    fc.nat(3),
  ),
  { maxLength: 120 },
);
const splitRows = (rows: LabelledRows, part: number, seed: number) =>
  splitByStrata(rows, part, seed, classTargets.strata(rows));

/** Here each text has one label. */
const soundRows = anyRows.map((rows) => rows.map(([text, label]): [string, number] => [`${text} of ${label}`, label]));

describe("splitRows", () => {
  it("puts every row on one side, in order, and equal texts on the same", () => {
    fc.assert(
      fc.property(anyRows, share, fc.nat(), (pairs, part, seed) => {
        const { train, validation } = splitRows(rowsOf(pairs), part, seed);
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual(pairs.map((_, row) => row));
        expect([...train]).toEqual([...train].sort((a, b) => a - b));
        const trained = new Set(Array.from(train, (row) => pairs[row]?.[0]));
        for (const row of validation) expect(trained.has(pairs[row]?.[0])).toBe(false);
      }),
    );
  });

  it("gives each class of two texts or more a row on both sides, and one text to training", () => {
    fc.assert(
      fc.property(soundRows, share, fc.nat(), (pairs, part, seed) => {
        const rows = rowsOf(pairs, 4);
        const { train, validation } = splitRows(rows, part, seed);
        for (const label of [0, 1, 2, 3]) {
          const texts = new Set(pairs.filter((pair) => pair[1] === label).map(([text]) => text));
          const on = (side: Int32Array) => side.some((row) => rows.labels[row] === label);
          expect(on(train)).toBe(texts.size > 0);
          expect(on(validation)).toBe(texts.size > 1);
        }
      }),
    );
  });

  it("repeats itself for a seed and differs between seeds", () => {
    const rows = rowsOf(Array.from({ length: 200 }, (_, row): [string, number] => [`text ${row}`, row % 2]));
    expect(splitRows(rows, 0.2, 1)).toEqual(splitRows(rows, 0.2, 1));
    expect(splitRows(rows, 0.2, 1)).not.toEqual(splitRows(rows, 0.2, 2));
  });

  it("holds out exactly the share of each class where no texts are equal", () => {
    const sizes = [10, 500, 77];
    const pairs = sizes.flatMap((size, label) =>
      Array.from({ length: size }, (_, row): [string, number] => [`text ${row} of ${label}`, label]),
    );
    const rows = rowsOf(pairs);
    const { validation } = splitRows(rows, 0.2, 42);
    const held = sizes.map((_, label) => validation.filter((row) => rows.labels[row] === label).length);
    expect(held).toEqual([2, 100, 15]);
  });

  it("draws every row of a class about equally often", () => {
    const rows = rowsOf(Array.from({ length: 20 }, (_, row): [string, number] => [`text ${row}`, row % 2]));
    const times = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      for (const row of splitRows(rows, 0.2, seed).validation) times[row] = (times[row] ?? 0) + 1;
    }
    // 2 of 10 rows of each class: 400 of 2,000 with deviation 18.
    for (const count of times) expect(Math.abs(count - 400)).toBeLessThan(90);
  });

  it("looks at both texts of a pair", () => {
    const rows = {
      ...rowsOf([
        ["a", 0],
        ["a", 0],
        ["a", 0],
        ["b", 1],
        ["b", 1],
      ]),
      pairs: ["x", "y", "y", "x", "x"],
    };
    const { train, validation } = splitRows(rows, 0.5, 3);
    const side = (row: number) => (validation.includes(row) ? "validation" : "train");
    expect(side(1)).toBe(side(2));
    expect(side(0)).not.toBe(side(1));
    expect(train).toContain(3);
    expect(train).toContain(4);
  });
});
