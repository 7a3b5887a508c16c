import { describe, expect, it } from "vitest";
import { columnText, figureText, percentText, scoreText } from "../../src/app/figures.ts";

const texts = (values: number[], write: (value: number, digits?: number) => string, least: number) =>
  values.map(columnText(values, write, least));

describe("the numbers of a column", () => {
  it("have the digits that tell them apart, all of them alike", () => {
    expect(texts([0.9731, 0.9734, 0.5], scoreText, 3)).toEqual(["0.9731", "0.9734", "0.5000"]);
    expect(texts([0.99981, 0.99987, 0.61], percentText, 1)).toEqual(["99.98\u00a0%", "99.99\u00a0%", "61.00\u00a0%"]);
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
