import { describe, expect, it } from "vitest";
import { float16Table, toFloat16 } from "../../src/io/float16.ts";

describe("float16", () => {
  it("has the values that the standard gives", () => {
    const table = float16Table();
    const known: [number, number][] = [
      [0x0000, 0],
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3555, 0.333251953125],
      [0x3c00, 1],
      [0x3c01, 1 + 2 ** -10],
      [0x7bff, 65504],
      [0x7c00, Infinity],
      [0xc000, -2],
      [0xfc00, -Infinity],
    ];
    for (const [pattern, value] of known) expect(table[pattern]).toBe(value);
    expect(table[0x8000]).toBe(-0);
    expect(table[0x7e00]).toBeNaN();
  });

  it("finds every pattern again from its value", () => {
    const wrong: number[] = [];
    float16Table().forEach((value, pattern) => {
      if (!Number.isNaN(value) && toFloat16(value) !== pattern) wrong.push(pattern);
    });
    expect(wrong).toEqual([]);
    expect(toFloat16(NaN) & 0x7fff).toBeGreaterThan(0x7c00);
  });

  it("rounds to the nearest, ties to the even pattern, between all neighbours", () => {
    const table = float16Table();
    const wrong: number[] = [];
    for (let pattern = 0; pattern < 0x7bff; pattern++) {
      const low = table[pattern] ?? 0;
      const high = table[pattern + 1] ?? 0;
      const middle = (low + high) / 2;
      const gap = high - low;
      const even = pattern % 2 === 0 ? pattern : pattern + 1;
      const isRight =
        toFloat16(middle) === even &&
        toFloat16(middle - gap / 8) === pattern &&
        toFloat16(middle + gap / 8) === pattern + 1 &&
        toFloat16(-middle) === (even | 0x8000);
      if (!isRight) wrong.push(pattern);
    }
    expect(wrong).toEqual([]);
  });

  it("overflows to infinity from 65520 on and underflows to zero at half the smallest", () => {
    expect(toFloat16(65519)).toBe(0x7bff);
    expect(toFloat16(65520)).toBe(0x7c00);
    expect(toFloat16(1e30)).toBe(0x7c00);
    expect(toFloat16(2 ** -25)).toBe(0);
    expect(toFloat16(-(2 ** -40))).toBe(0x8000);
  });
});
