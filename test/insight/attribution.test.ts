import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bySize, isComplete, ofWords, placeOfWord } from "../../src/insight/attribution.ts";
import { gaussLegendre } from "../../src/insight/integration.ts";

describe("Gauss and Legendre's rule", () => {
  it("is exact for polynomials up to the degree 2n − 1, with weights above 0 that sum to 1", () => {
    const polynomial = fc.tuple(fc.integer({ min: 1, max: 24 }), fc.array(fc.double({ min: -3, max: 3, noNaN: true })));
    fc.assert(
      fc.property(polynomial, ([count, all]) => {
        const coefficients = all.slice(0, 2 * count);
        const { points, weights } = gaussLegendre(count);
        const at = (x: number) => coefficients.reduceRight((sum, c) => sum * x + c, 0);
        const found = points.reduce((sum, point, i) => sum + (weights[i] ?? 0) * at(point), 0);
        expect(found).toBeCloseTo(
          coefficients.reduce((sum, c, k) => sum + c / (k + 1), 0),
          9,
        );
        expect(weights.every((weight) => weight > 0)).toBe(true);
        expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        expect([...points]).toEqual([...points].sort((a, b) => a - b));
      }),
    );
  });

  it("is numpy's leggauss", () => {
    const { points, weights } = gaussLegendre(3);
    const expected = {
      points: [(1 - Math.sqrt(0.6)) / 2, 0.5, (1 + Math.sqrt(0.6)) / 2],
      weights: [5 / 18, 8 / 18, 5 / 18],
    };
    expected.points.forEach((point, i) => expect(points[i]).toBeCloseTo(point, 14));
    expected.weights.forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight, 14));
  });
});

describe("contributions of words", () => {
  const token = (start: number, end: number, score: number, of: 0 | 1 = 0) => ({ of, start, end, score });

  it("are the sums of their tokens', of both texts, and of tokens outside of all words", () => {
    const texts = ["don’t stop 🙂", "stop"];
    const tokens = [
      token(0, 3, 1),
      token(3, 4, 2),
      token(4, 5, 4),
      token(6, 8, 8),
      token(8, 10, 16),
      token(0, 4, 32, 1),
    ];
    const words = ofWords(texts, [...tokens, token(5, 6, 64)]);
    expect(words).toEqual([
      token(0, 3, 1),
      token(3, 4, 2),
      token(4, 5, 4),
      token(5, 6, 64),
      token(6, 10, 24),
      token(0, 4, 32, 1),
    ]);
    expect(bySize([token(0, 1, -3), token(1, 2, 2)]).map(({ score }) => score)).toEqual([-3, 2]);
  });

  it("lose no score, whatever the tokens", () => {
    const stretch = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 6 }), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 36 }), fc.array(stretch), (text, stretches) => {
        const tokens = stretches.map(([start, length, score]) => token(start, start + length, score));
        const sum = (parts: { score: number }[]) => parts.reduce((total, { score }) => total + score, 0);
        expect(sum(ofWords([text], tokens))).toBe(sum(tokens));
      }),
    );
  });

  it("belong to the first word that a token has a character of", () => {
    const words = [
      { start: 0, end: 3 },
      { start: 4, end: 6 },
    ];
    expect(
      [token(2, 5, 0), token(3, 5, 0), token(3, 4, 0), token(6, 9, 0)].map((one) => placeOfWord(words, one)),
    ).toEqual([0, 1, -1, -1]);
  });
});

it("a sum is complete within 1 % of the difference", () => {
  expect([isComplete(1.0099, 1, 5), isComplete(0.9901, 1, 5), isComplete(1.02, 1, 5), isComplete(NaN, 1, 5)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
