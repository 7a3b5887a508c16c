import { describe, expect, it } from "vitest";
import { MOST_CHARACTERS, niceTicks } from "../../src/app/nice-ticks.ts";

const texts = (low: number, high: number) => {
  const { ticks, text } = niceTicks(low, high);
  return ticks.map(text);
};

describe("ticks of an axis", () => {
  it("are round, and written alike", () => {
    expect(texts(0, 1.39349365234375)).toEqual(["0.0", "0.5", "1.0", "1.5"]);
    expect(texts(1.31, 1.38)).toEqual(["1.30", "1.32", "1.34", "1.36", "1.38"]);
    expect(texts(0, 2e-5)).toEqual(["0", "5e-6", "1e-5", "1.5e-5", "2e-5"]);
    expect(texts(0, 3_000_000)).toEqual(["0", "1e6", "2e6", "3e6"]);
    expect(texts(0, 837)).toEqual(["0", "500", "1000"]);
    expect(texts(-0.2, 0.9)).toEqual(["-0.5", "0.0", "0.5", "1.0"]);
  });

  it("span what they are of, differ from each other, and fit beside the plot, in any range", () => {
    for (const size of [3e-9, 2e-5, 1e-4, 7e-4, 0.05, 0.693147, 1.39349365234375, 9.99, 123.456, 99_999, 4.3e6, 1e12]) {
      for (const share of [0, 0.5, 0.9, 0.99, 0.999, 0.99999, 1]) {
        const [low, high] = [size * share, size];
        const { domain, ticks, text } = niceTicks(low, high);
        const where = `from ${low} to ${high}`;
        expect(domain[0], where).toBeLessThanOrEqual(low * (1 + 1e-6));
        expect(domain[1], where).toBeGreaterThanOrEqual(high * (1 - 1e-6));
        expect(ticks.length, where).toBeGreaterThanOrEqual(2);
        expect(ticks.length, where).toBeLessThanOrEqual(8);
        const written = ticks.map(text);
        expect(new Set(written).size, `${where}: ${written.join(" ")}`).toBe(ticks.length);
        expect(Math.max(...written.map(({ length }) => length)), `${where}: ${written.join(" ")}`).toBeLessThanOrEqual(
          MOST_CHARACTERS,
        );
        for (const [i, tick] of ticks.entries()) {
          expect(Math.abs(Number(written[i]) - tick), `${where}: ${written.join(" ")}`).toBeLessThanOrEqual(
            1e-9 * size,
          );
        }
      }
    }
  });

  it("are those from 0 to 1 where there is nothing to show", () => {
    for (const [low, high] of [
      [NaN, NaN],
      [Infinity, -Infinity],
      [0, 0],
    ] as const) {
      expect(niceTicks(low, high).domain).toEqual([0, 1]);
    }
  });
});
