import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelledRows } from "../../../src/data/rows.ts";
import { holdOut } from "../../../src/tasks/multi-label/stratify.ts";

function rowsOf(rows: readonly (readonly [text: string, marks: readonly number[]])[], labels: number): LabelledRows {
  return {
    texts: rows.map(([text]) => text),
    pairs: null,
    labels: Float32Array.from(rows.flatMap(([, marks]) => marks)),
    labelWidth: labels,
    labelNames: Array.from({ length: labels }, (_, label) => `label ${label}`),
    tableRows: Int32Array.from(rows.keys()),
    lines: null,
  };
}

describe("iterative stratification", () => {
  it("holds out the share of each label, of rare ones too, and of the rows", () => {
    // Labels of 100, 40, 10 and 5 rows, in many combinations.
    const rows = Array.from(
      { length: 200 },
      (_, row) =>
        [
          `text ${row}`,
          [Number(row < 100), Number(row % 5 === 0), Number(row % 20 === 3), Number(row % 40 === 7)],
        ] as const,
    );
    const held = holdOut(rowsOf(rows, 4), 0.2, 3);
    const counts = [0, 1, 2, 3].map(
      (label) => rows.filter(([, marks], row) => marks[label] === 1 && held[row] === 1).length,
    );
    expect(counts).toEqual([20, 8, 2, 1]);
    expect(held.reduce((sum, one) => sum + one, 0)).toBe(40);
  });

  it("keeps equal texts on one side, and repeats itself for a seed", () => {
    const anyRows = fc.array(
      fc.tuple(
        fc.nat(12).map((text) => `text ${text}`),
        fc.array(fc.nat(1), { minLength: 3, maxLength: 3 }),
      ),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(anyRows, fc.double({ min: 0.1, max: 0.9, noNaN: true }), fc.nat(), (pairs, share, seed) => {
        const rows = rowsOf(pairs, 3);
        const held = holdOut(rows, share, seed);
        const sides = new Map<string, number>();
        pairs.forEach(([text], row) => {
          expect(sides.get(text) ?? held[row]).toBe(held[row]);
          sides.set(text, held[row] ?? -1);
        });
        expect(holdOut(rows, share, seed)).toEqual(held);
      }),
    );
  });
});
