import fc from "fast-check";
import { expect, it } from "vitest";
import { nearestRows } from "../../src/metrics/nearest.ts";

it("ranks by the cosine, whatever the lengths, and equal rows by their order", () => {
  const vectors = Float32Array.of(1, 0, 0, 2, 3, 3, 0, 0, -1, 0, 0, 5);
  const found = nearestRows(vectors, Float32Array.of(0, 7), 6);
  expect(found.map(({ place }) => place)).toEqual([1, 5, 2, 0, 3, 4]);
  expect(found.map(({ similarity }) => similarity)).toEqual([1, 1, expect.closeTo(Math.SQRT1_2, 6), 0, 0, 0]);
});

it("finds the nearest ones of any rows, a row itself first", () => {
  const number = fc.integer({ min: -9, max: 9 });
  const rows = fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(rows, fc.nat(), fc.integer({ min: 1, max: 40 }), (all, some, count) => {
      const query = all[some % all.length] ?? [0, 0, 0];
      const found = nearestRows(Float32Array.from(all.flat()), Float32Array.from(query), count);
      expect(found).toHaveLength(Math.min(count, all.length));
      const isNull = query.every((value) => value === 0);
      expect(found[0]?.similarity).toBeCloseTo(isNull ? 0 : 1, 6);
      const left = new Set(all.keys());
      for (const { place } of found) left.delete(place);
      const cosine = (place: number) => {
        const one = all[place] ?? [0, 0, 0];
        const lengths = Math.hypot(...one) * Math.hypot(...query);
        return lengths > 0 ? one.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0) / lengths : 0;
      };
      for (const { place, similarity } of found) expect(similarity).toBeCloseTo(cosine(place), 6);
      const least = found.at(-1)?.similarity ?? 0;
      for (const place of left) expect(cosine(place)).toBeLessThanOrEqual(least + 1e-6);
    }),
  );
});
