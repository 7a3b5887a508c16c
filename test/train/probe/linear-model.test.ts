import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sigmoidLoss, softmaxLoss, squaredLoss } from "../../../src/tasks/linear-losses.ts";
import type { LinearLoss } from "../../../src/tasks/task.ts";
import { fitProbe } from "../../../src/train/probe/fit-probe.ts";
import { apply, fitLinear, type LabelledVectors } from "../../../src/train/probe/linear-model.ts";
import { minimize } from "../../../src/train/probe/minimize.ts";
import { createRandom } from "../../../src/data/random.ts";

/**
 * scikit-learn on 40 rows: LogisticRegression of three classes with C = 0.5, of two with C = 1, and of each of two labels
 * with C = 0.5, tol = 1e-12; Ridge of numbers with alpha = 2.
 */
const reference = JSON.parse(readFileSync(new URL("linear.json", import.meta.url), "utf8")) as {
  x: number[];
  labels: number[];
  marks: number[];
  numbers: number[];
  each: { weight: number[]; bias: number[] };
  ridge: { weight: number[]; bias: number[] };
  three: { weight: number[]; bias: number[] };
  two: { weight: number[]; bias: number[] };
};

function finished<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? NaN))));

describe("a linear model fitted to convergence", () => {
  const values = Float64Array.from(reference.x);
  const rows = { values, width: 3, labels: reference.labels };

  it("has scikit-learn's weights for three classes", () => {
    const { weight, bias } = finished(fitLinear(rows, { outputs: 3, loss: softmaxLoss, l2: 2, tolerance: 1e-10 }));
    expect(farthest(weight, reference.three.weight)).toBeLessThan(1e-6);
    expect(farthest(bias, reference.three.bias)).toBeLessThan(1e-6);
  });

  it("has scikit-learn's weights for two classes, between which they lie in halves", () => {
    const labels = reference.labels.map((label) => (label === 2 ? 1 : 0));
    // The two halves together have half of the squares of the whole.
    const options = { outputs: 2, loss: softmaxLoss, l2: 2, tolerance: 1e-10 };
    const { weight, bias } = finished(fitLinear({ ...rows, labels }, options));
    const difference = weight.slice(3).map((value, i) => value - (weight[i] ?? 0));
    expect(farthest(difference, reference.two.weight)).toBeLessThan(1e-6);
    expect(Math.abs((bias[1] ?? 0) - (bias[0] ?? 0) - (reference.two.bias[0] ?? NaN))).toBeLessThan(1e-6);
  });

  it("has the weights of scikit-learn's logistic regression for each of several labels", () => {
    const options = { outputs: 2, loss: sigmoidLoss, l2: 2, tolerance: 1e-10 };
    const { weight, bias } = finished(fitLinear({ ...rows, labels: reference.marks }, options));
    expect(farthest(weight, reference.each.weight)).toBeLessThan(1e-6);
    expect(farthest(bias, reference.each.bias)).toBeLessThan(1e-6);
  });

  it("has the weights of scikit-learn's ridge regression for numbers, which are standardized inside", () => {
    const [mean, deviation] = [990, 70];
    const options = { outputs: 1, loss: squaredLoss({ mean, deviation }), l2: 2, tolerance: 1e-10 };
    const { weight, bias } = finished(fitLinear({ ...rows, labels: reference.numbers }, options));
    const inUnits = weight.map((value) => value * deviation);
    expect(farthest(inUnits, reference.ridge.weight)).toBeLessThan(1e-6);
    expect(Math.abs((bias[0] ?? 0) * deviation + mean - (reference.ridge.bias[0] ?? NaN))).toBeLessThan(1e-6);
  });

  it("has the same optimum from another start", () => {
    const options = { outputs: 3, loss: softmaxLoss, l2: 2, tolerance: 1e-10 };
    const start = { weight: new Float64Array(9).map((_, i) => i - 4), bias: Float64Array.from([3, -2, 0]) };
    const there = finished(fitLinear(rows, { ...options, start }));
    expect(farthest(there.weight, reference.three.weight)).toBeLessThan(1e-6);
  });
});

describe("minimize", () => {
  it("finds the bottom of a narrow valley, and its value falls at each iteration", () => {
    const x = Float64Array.from([5, -7, 3]);
    const scales = [1, 100, 1e4];
    const values = [
      ...minimize(
        (at, gradient) => {
          let sum = 0;
          for (const [i, scale] of scales.entries()) {
            const away = (at[i] ?? 0) - i;
            gradient[i] = scale * away;
            sum += 0.5 * scale * away * away;
          }
          return sum;
        },
        x,
        { tolerance: 1e-12, mostIterations: 200 },
      ),
    ];
    expect(farthest(x, [0, 1, 2])).toBeLessThan(1e-6);
    expect(values.every((value, i) => i === 0 || value < (values[i - 1] ?? 0))).toBe(true);
  });

  it("stays where the gradient is 0 already", () => {
    const x = Float64Array.from([0]);
    expect([...minimize(() => 0, x, { tolerance: 1e-6, mostIterations: 5 })]).toEqual([]);
  });
});

describe("a probe", () => {
  /** Two classes told apart by the first number of each vector; the others are noise, the last is always the same. */
  const planted = (count: number, noise: number): LabelledVectors => {
    const random = createRandom(7);
    const width = 12;
    const labels = Int32Array.from({ length: count }, (_, row) => row % 2);
    const values = Float32Array.from({ length: count * width }, (_, i) => {
      const part = i % width;
      if (part === width - 1) return 4;
      return 10 + (random() - 0.5) + (part === 0 ? (labels[Math.floor(i / width)] ?? 0) / noise : 0);
    });
    return { values, width, labels };
  };
  const fitted = (rows: LabelledVectors, seed = 1) =>
    finished(fitProbe(rows, { outputs: 2, loss: softmaxLoss, labelWidth: 1, seed }));

  it("tells planted classes apart, by weights for the vectors as they are", () => {
    const rows = planted(120, 0.5);
    const probe = fitted(rows);
    const logits = apply(probe, rows, new Float64Array(240));
    const right = Array.from(rows.labels).filter(
      (label, row) => (logits[2 * row + label] ?? 0) > (logits[2 * row + 1 - label] ?? 0),
    );
    expect(right.length).toBe(120);
    expect(probe.weight[11]).toBe(0);
  });

  it("tells labels apart that a row has together, and finds numbers in any units", () => {
    const { values, width, labels } = planted(120, 0.5);
    const marks = Int32Array.from({ length: 240 }, (_, i) => (i % 2 === 0 ? (labels[i / 2] ?? 0) : 1));
    const both = finished(
      fitProbe({ values, width, labels: marks }, { outputs: 2, loss: sigmoidLoss, labelWidth: 2, seed: 1 }),
    );
    const logits = apply(both, { values, width }, new Float64Array(240));
    expect(Array.from(logits, (logit) => Number(logit > 0))).toEqual([...marks]);

    const numbers = Float32Array.from(labels, (label) => 500 + 30 * label);
    const loss = squaredLoss({ mean: 515, deviation: 15 });
    const one = finished(fitProbe({ values, width, labels: numbers }, { outputs: 1, loss, labelWidth: 1, seed: 1 }));
    const found = apply(one, { values, width }, new Float64Array(120)).map((output) => 515 + 15 * output);
    expect(farthest(found, numbers)).toBeLessThan(15);
  });

  it("is the same for the same seed, and stronger where there is less to learn", () => {
    expect(fitted(planted(60, 1))).toEqual(fitted(planted(60, 1)));
    expect(fitted(planted(60, 50)).l2).toBeGreaterThan(fitted(planted(60, 0.5)).l2);
  });
});

it("the gradient of each loss is its difference quotient", () => {
  const check = (loss: LinearLoss, labels: number[], width = labels.length) => {
    const random = createRandom(3);
    const outputs = Float64Array.from({ length: width }, () => 4 * random() - 2);
    const gradient = new Float64Array(outputs.length);
    loss(outputs, labels, gradient);
    const numeric = outputs.map((_, i) => {
      const moved = (by: number) =>
        loss(
          outputs.map((value, j) => value + (i === j ? by : 0)),
          labels,
          new Float64Array(outputs.length),
        );
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
    expect(farthest(gradient, numeric)).toBeLessThan(1e-8);
  };
  check(softmaxLoss, [2, 0, 1], 9);
  check(sigmoidLoss, [1, 0, 0, 1]);
  check(squaredLoss({ mean: 3, deviation: 2 }), [1, 5.5, -4]);
});
