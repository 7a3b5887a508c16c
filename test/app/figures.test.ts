import { describe, expect, it } from "vitest";
import {
  bytes,
  columnText,
  duration,
  figureText,
  percentText,
  scoreText,
  short,
  wholeText,
} from "../../src/app/figures.ts";

const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("a number of the page", () => {
  it("has separators, or is a dash where there is none", () => {
    expect([5572, 0, NaN].map(wholeText)).toEqual(["5,572", "0", "–"]);
  });

  it("has a unit of its size", () => {
    expect([999, 1500, 45_437_760, 1.2e9].map(bytes).map(plain)).toEqual(["999 bytes", "1.5 kB", "45 MB", "1.2 GB"]);
    expect([900, 22_713_216].map(short).map(plain)).toEqual(["900", "22.7 M"]);
    expect([200, 12_000, 180_000, 7_500_000].map(duration).map(plain)).toEqual([
      "under 1 s",
      "12 s",
      "3 min",
      "2 h 5 min",
    ]);
  });
});

const texts = (values: number[], write: (value: number, digits?: number) => string, least: number) =>
  values.map(columnText(values, write, least));

describe("the numbers of a column", () => {
  it("have the digits that tell them apart, all of them alike", () => {
    expect(texts([0.9731, 0.9734, 0.5], scoreText, 3)).toEqual(["0.9731", "0.9734", "0.5000"]);
    expect(texts([0.99981, 0.99987, 0.61], percentText, 1)).toEqual(["99.98\u202f%", "99.99\u202f%", "61.00\u202f%"]);
    expect(texts([0.693141, 0.693144, 0.7], figureText, 3)).toEqual(["0.693141", "0.693144", "0.700000"]);
    expect(texts([1.23456e-5, 1.23457e-5], figureText, 3)).toEqual(["1.23456e-5", "1.23457e-5"]);
    expect(texts([12_345.6, 12_345.9], figureText, 3)).toEqual(["12,345.6", "12,345.9"]);
  });

  it("stay short where they differ anyway, are equal, or are none", () => {
    expect(texts([0.973, 0.5, 0.5], scoreText, 3)).toEqual(["0.973", "0.500", "0.500"]);
    expect(texts([0, NaN], scoreText, 3)).toEqual(["0.000", "–"]);
    expect(texts([], figureText, 3)).toEqual([]);
  });

  it("end with the digits of a float32", () => {
    const [a, b] = texts([0.1, 0.1 + 1e-12], scoreText, 3);
    expect([a, b]).toEqual(["0.100", "0.100"]);
    expect(new Set(texts([0.1234567, 0.1234568, 0.12345681], scoreText, 3))).toEqual(
      new Set(["0.1234567", "0.1234568"]),
    );
  });
});
