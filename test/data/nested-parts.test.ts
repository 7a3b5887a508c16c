import fc from "fast-check";
import { expect, it } from "vitest";
import { nestedParts } from "../../src/data/nested-parts.ts";

const shares = [0.25, 0.5, 0.75];

it("lays rows into parts within each other, with the same share of each stratum", () => {
  const strata = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 40, maxLength: 300 });
  fc.assert(
    fc.property(strata, fc.nat(), (all, seed) => {
      const parts = nestedParts(all, shares, seed);
      const whole = new Set(all.keys());
      const kinds = new Set(all);
      for (const [i, part] of parts.entries()) {
        const outer = parts[i + 1] ? new Set(parts[i + 1]) : whole;
        expect([...part].every((row) => outer.has(row))).toBe(true);
        expect([...part]).toEqual([...new Set(part)].sort((a, b) => a - b));
        const share = shares[i] ?? NaN;
        expect(part).toHaveLength(Math.max(kinds.size, Math.round(share * all.length)));
        for (const kind of kinds) {
          const count = [...part].filter((row) => all[row] === kind).length;
          const size = all.filter((one) => one === kind).length;
          expect(count).toBeGreaterThan(0);
          expect(Math.abs(count - share * size)).toBeLessThanOrEqual(kinds.size);
        }
      }
      expect(nestedParts(all, shares, seed)).toEqual(parts);
    }),
  );
});

it("draws other rows by another seed", () => {
  const strata = Array.from({ length: 100 }, (_, row) => row % 2);
  expect(nestedParts(strata, shares, 1)).not.toEqual(nestedParts(strata, shares, 2));
});
