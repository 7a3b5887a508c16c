import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, shuffledIndices } from "../../src/data/random.ts";

describe("createRandom", () => {
  it("repeats itself for a seed and differs between seeds", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, createRandom(seed));
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  it("stays within [0, 1) and fills ten bins evenly", () => {
    const random = createRandom(7);
    const bins = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(bins.length).toBe(10);
    // Each bin is binomial with deviation 95: five deviations either side.
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(475);
  });
});

describe("shuffledIndices", () => {
  it("holds every index once", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(), (count, seed) => {
        const sorted = shuffledIndices(count, createRandom(seed)).sort();
        expect([...sorted]).toEqual(Array.from({ length: count }, (_, index) => index));
      }),
    );
  });

  it("brings every order of three about equally often", () => {
    const random = createRandom(1);
    const seen = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw++) {
      const order = shuffledIndices(3, random).join("");
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
