import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldsOf, type Fold } from "../../src/data/folds.ts";
import { takeTexts } from "../../src/data/take-texts.ts";
import { classTargets } from "../../src/tasks/single-label/targets.ts";
import { rowsOf } from "./rows-of.ts";

const rows = (count: number) =>
  rowsOf(Array.from({ length: count }, (_, row) => [`text ${row}`, row % 10 < 7 ? 0 : 1] as const));
const groups = (of: number[]) => ({ groups: { of: Int32Array.from(of), names: [...new Set(of)].map(String) } });
const heldOf = (folds: Fold[]) => folds.map(({ held }) => held.length);

describe("folds of rows", () => {
  it("score each row once in a repeat, with the shares of the classes, and repeat themselves by the seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 150 }), fc.integer({ min: 2, max: 7 }), fc.nat(), (count, k, seed) => {
        const own = rows(count);
        const folds = foldsOf(classTargets, own, { folds: k, repeats: 2, seed });
        for (const repeat of [1, 2]) {
          const parts = folds.filter((fold) => fold.repeat === repeat);
          expect(parts.flatMap(({ held }) => [...held]).sort((a, b) => a - b)).toEqual([...own.labels.keys()]);
          for (const { train, held } of parts) {
            expect([...train, ...held].sort((a, b) => a - b)).toEqual([...own.labels.keys()]);
            const ones = held.filter((row) => own.labels[row] === 1).length;
            expect(Math.abs(ones - own.labels.filter((label) => label === 1).length / k)).toBeLessThan(1);
            expect(Math.abs(held.length - count / k)).toBeLessThan(2);
          }
        }
        expect(foldsOf(classTargets, own, { folds: k, repeats: 2, seed })).toEqual(folds);
      }),
      { numRuns: 30 },
    );
  });

  it("keep groups whole, and leave copies of held-out texts out of training", () => {
    const of = Array.from({ length: 60 }, (_, row) => row % 12);
    const own = { ...rows(60), ...groups(of) };
    own.texts = Array.from({ length: 60 }, (_, row) => (row === 3 || row === 4 ? "same" : `text ${row}`));
    const folds = foldsOf(classTargets, own, { folds: 4, repeats: 1, seed: 1 });
    expect(heldOf(folds)).toEqual([15, 15, 15, 15]);
    for (const { train, held } of folds) {
      const inHeld = new Set(Array.from(held, (row) => of[row]));
      expect([...train].some((row) => inHeld.has(of[row]))).toBe(false);
      expect([...train, ...held].filter((row) => row === 3 || row === 4).length).toBe(
        held.includes(3) === held.includes(4) ? 2 : 1,
      );
    }
  });

  it("train on what is older, by time", () => {
    const own = { ...rows(60), times: Float64Array.from({ length: 60 }, (_, row) => 60 - row) };
    const folds = foldsOf(classTargets, own, { folds: 5, repeats: 1, seed: 1 });
    expect(heldOf(folds)).toEqual([10, 10, 10, 10, 10]);
    expect(folds.map(({ train }) => train.length)).toEqual([10, 20, 30, 40, 50]);
    for (const { train, held } of folds) {
      const newest = Math.max(...Array.from(train, (row) => own.times[row] ?? NaN));
      expect(Math.min(...Array.from(held, (row) => own.times[row] ?? NaN))).toBeGreaterThan(newest);
    }
  });

  it("are refused where the rows are too few, in words", () => {
    const few = rowsOf([...Array.from({ length: 20 }, (_, i) => [`a ${i}`, 0] as const), ["b", 1], ["c", 1]]);
    const folded = (choice: Partial<Parameters<typeof foldsOf>[2]>, some = few) =>
      foldsOf(classTargets, some, { folds: 5, repeats: 1, seed: 1, ...choice });
    expect(() => folded({})).toThrow("the class “class 1” has 2 different texts for 5 folds");
    expect(() => folded({ folds: 1 })).toThrow("1 folds were asked for.");
    expect(() => folded({ folds: NaN })).toThrow("NaN folds were asked for.");
    expect(() => folded({ repeats: 0 })).toThrow("0 repeats were asked for.");
    const grouped = { ...few, ...groups(few.texts.length > 0 ? Array.from({ length: 22 }, (_, i) => i % 3) : []) };
    expect(() => folded({}, grouped)).toThrow("there are 3 groups for 5 folds");
    const timed = { ...few, times: Float64Array.from({ length: 22 }, (_, i) => i % 4) };
    expect(() => folded({}, timed)).toThrow("4 different times cannot make 5 folds");
    expect(() => folded({ folds: 3, repeats: 2 }, timed)).toThrow("2 repeats of folds by time");
  });
});

it("takes texts of encoded rows with their windows", () => {
  const data = {
    ids: Int32Array.of(1, 2, 3, 4, 5, 6),
    types: new Int32Array(6),
    rowStart: Int32Array.of(0, 2, 3, 6),
    fullLengths: Int32Array.of(3, 3),
    textStart: Int32Array.of(0, 2, 3),
    spans: Int32Array.from({ length: 12 }, (_, i) => i),
  };
  expect(takeTexts(data, Int32Array.of(1, 0))).toEqual({
    ids: Int32Array.of(4, 5, 6, 1, 2, 3),
    types: new Int32Array(6),
    rowStart: Int32Array.of(0, 3, 5, 6),
    fullLengths: Int32Array.of(3, 3),
    textStart: Int32Array.of(0, 1, 3),
    spans: Int32Array.of(6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5),
  });
});
