import { createRandom } from "../../src/data/random.ts";
import { describe, expect, it } from "vitest";
import { labelNoise, worstFirst } from "../../src/insight/label-noise.ts";

/**
 * 24 rows of three classes, three of them with a wrong label, and what cleanlab's published method says of them, by numpy:
 * compute_confident_joint (calibrated for the share) and get_label_quality_scores by the normalized margin.
 */
const reference = {
  labels: [2, 1, 2, 0, 1, 2, 2, 0, 0, 0, 0, 0, 2, 0, 1, 2, 0, 0, 0, 1, 2, 0, 1, 0],
  probabilities: [
    0.176, 0.062, 0.762, 0.51, 0.329, 0.161, 0.123, 0.228, 0.649, 0.104, 0.037, 0.858, 0.218, 0.767, 0.015, 0.082,
    0.134, 0.783, 0.08, 0.23, 0.69, 0.398, 0.521, 0.08, 0.617, 0.311, 0.072, 0.67, 0.169, 0.161, 0.226, 0.168, 0.606,
    0.026, 0.29, 0.684, 0.028, 0.399, 0.573, 0.343, 0.248, 0.409, 0.072, 0.848, 0.081, 0.224, 0.485, 0.29, 0.775, 0.08,
    0.145, 0.062, 0.114, 0.825, 0.781, 0.202, 0.017, 0.045, 0.941, 0.014, 0.033, 0.048, 0.919, 0.875, 0.064, 0.061,
    0.032, 0.941, 0.027, 0.613, 0.239, 0.149,
  ],
  thresholds: [0.4575, 0.7652, 0.666571429],
  joint: [6, 0, 3, 1, 4, 0, 0, 0, 4],
  share: 0.208333333,
  issues: [1, 3, 11, 17],
  order: [17, 3, 11, 10, 15, 1, 7, 13, 12, 8, 23, 2, 6, 9, 4, 18, 0, 16, 5, 14, 21, 20, 19, 22],
};

/** Rows whose class shows in their probabilities, of which some were given another label. */
function planted({
  rows,
  classes,
  share,
  strength,
  seed,
}: Record<"rows" | "classes" | "share" | "strength" | "seed", number>) {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const flipped: number[] = [];
  const labels = new Int32Array(rows);
  const probabilities = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    // The first class has most of the rows.
    const label = random() < 0.6 ? 0 : Math.floor(random() * classes);
    const logits = Array.from({ length: classes }, (_, k) => normal() + (k === label ? strength : 0));
    const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
    logits.forEach((logit, k) => (probabilities[row * classes + k] = Math.exp(logit) / sum));
    labels[row] = label;
    if (random() >= share) continue;
    labels[row] = (label + 1 + Math.floor(random() * (classes - 1))) % classes;
    flipped.push(row);
  }
  return { labels, probabilities, classes, flipped };
}

describe("confident learning", () => {
  it("gives the thresholds, the confident joint, issues and order of cleanlab's method", () => {
    const noise = labelNoise({ ...reference, classes: 3 });
    noise.thresholds.forEach((threshold, k) => expect(threshold).toBeCloseTo(reference.thresholds[k] ?? NaN, 8));
    expect([...noise.joint]).toEqual(reference.joint);
    expect(noise.share).toBeCloseTo(reference.share, 8);
    expect([...noise.isIssue.keys()].filter((row) => noise.isIssue[row])).toEqual(reference.issues);
    expect([...worstFirst(noise.scores)]).toEqual(reference.order);
  });

  it("lists planted labels first, of two classes and of many, and estimates their share", () => {
    for (const [classes, strength] of [
      [2, 5],
      [3, 5],
      [20, 6],
    ] as const) {
      for (const seed of [1, 2, 3]) {
        const { flipped, ...rows } = planted({ rows: 2000, classes, share: 0.05, strength, seed });
        const noise = labelNoise(rows);
        const top = new Set(worstFirst(noise.scores).subarray(0, 140));
        expect(flipped.filter((row) => top.has(row)).length / flipped.length).toBeGreaterThan(0.9);
        expect(Math.abs(noise.share - flipped.length / 2000)).toBeLessThan(0.02);
      }
    }
  });

  it("does without rows of a class, and with one class alone", () => {
    const noise = labelNoise({ labels: [0, 0, 1], probabilities: [0.9, 0.1, 0, 0.2, 0.8, 0, 0.3, 0.7, 0], classes: 3 });
    expect(Number.isNaN(noise.thresholds[2])).toBe(true);
    expect([...noise.suggested]).toEqual([0, 1, 1]);
    expect([...noise.scores].every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(labelNoise({ labels: [0], probabilities: [1], classes: 1 }).scores[0]).toBe(1);
  });
});
