import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../../src/cli/parity/reference-file.ts";
import { ranked } from "../../../src/metrics/ranking/cuts.ts";
import { averagePrecision, rocAuc } from "../../../src/metrics/ranking/ranking-scores.ts";
import { bestF1, tunedThreshold } from "../../../src/metrics/ranking/thresholds.ts";
import { sigmoid } from "../../../src/metrics/sigmoid.ts";

interface SklearnCase {
  logits: number[][];
  y_true: string[];
  labels: { best_f1: { f1: number; thresholds: number[] } | null }[];
}

const file = fileURLToPath(new URL("../../reference/tasks/metrics.json", import.meta.url));
const cases = ((await referenceJson(file)) as { multi_label: SklearnCase[] }).multi_label;
const columns = cases.flatMap(({ logits, y_true, labels }) =>
  labels.map(({ best_f1 }, k) => ({
    truth: y_true.map((row) => Number(row[k])),
    scores: logits.map((row) => sigmoid(row[k] ?? NaN)),
    best: best_f1,
  })),
);

const rows = fc.array(
  fc.tuple(
    fc.boolean(),
    fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
  ),
  { maxLength: 40 },
);
const rankedRows = (all: [boolean, number][]) =>
  ranked(
    all.map(([isTrue]) => Number(isTrue)),
    all.map(([, score]) => score),
  );

describe("bestF1", () => {
  it.each(columns.map((c, index) => ({ ...c, index })))("finds what trying every score finds, label $index", (c) => {
    const found = bestF1(ranked(c.truth, c.scores));
    if (c.best === null) return expect(found).toBeNull();
    expect(found?.f1).toBeCloseTo(c.best.f1, 12);
    expect(found?.thresholds).toHaveLength(c.best.thresholds.length);
    c.best.thresholds.forEach((threshold, i) => expect(found?.thresholds[i]).toBeCloseTo(threshold, 12));
  });
});

describe("tunedThreshold", () => {
  const f1At = (all: [boolean, number][], threshold: number) => {
    const hits = all.filter(([isTrue, score]) => isTrue && score >= threshold).length;
    const counted = all.filter(([isTrue]) => isTrue).length + all.filter(([, score]) => score >= threshold).length;
    return counted === 0 ? 0 : (2 * hits) / counted;
  };

  it("reaches the best F1 and stands off the scores", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const threshold = tunedThreshold(rankedRows(all));
        const best = bestF1(rankedRows(all))?.f1 ?? 0;
        if (best > 0) expect(f1At(all, threshold)).toBeCloseTo(best, 12);
        // Scores stand a twentieth apart: halfway between two is a fortieth off.
        const isOff = all.every(([, score]) => score === 0 || Math.abs(score - threshold) > 0.02);
        expect(threshold === 0.5 || isOff).toBe(true);
      }),
    );
  });

  it("is 0.5 where that is as good as any, and without rows that have the label", () => {
    expect(tunedThreshold(ranked([0, 1, 1], [0.2, 0.6, 0.9]))).toBe(0.5);
    expect(tunedThreshold(ranked([0, 0], [0.2, 0.9]))).toBe(0.5);
    expect(tunedThreshold(ranked([], []))).toBe(0.5);
  });

  it("lies between the two scores that it separates", () => {
    expect(tunedThreshold(ranked([0, 1, 1], [0.2, 0.3, 0.9]))).toBeCloseTo(0.25, 12);
    expect(tunedThreshold(ranked([0, 0, 1], [0.2, 0.7, 0.9]))).toBeCloseTo(0.8, 12);
  });
});

describe("a ranking", () => {
  it("has an area that is the share of pairs in order, ties half", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const scores = rankedRows(all);
        let won = 0;
        for (const high of scores.positives) for (const low of scores.negatives) won += (Math.sign(high - low) + 1) / 2;
        const pairs = scores.positives.length * scores.negatives.length;
        const area = rocAuc(scores);
        if (pairs === 0) expect(area).toBeNull();
        else expect(area).toBeCloseTo(won / pairs, 12);
      }),
    );
  });

  it("is perfect where all rows with the label come first, and has its share at worst with one score for all", () => {
    expect(averagePrecision(ranked([1, 0, 1, 0], [0.9, 0.1, 0.8, 0.2]))).toBe(1);
    expect(averagePrecision(ranked([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]))).toBe(0.25);
    expect(averagePrecision(ranked([1, 1], [0.5, 0.6]))).toBeNull();
  });

  it("refuses as many scores as there are not rows", () => {
    expect(() => ranked([1, 0], [0.5])).toThrow(RangeError);
  });
});
