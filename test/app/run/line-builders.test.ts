import { describe, expect, it } from "vitest";
import { evaluationGroups } from "../../../src/app/run/evaluations.ts";
import { classLines } from "../../../src/app/tasks/classes/class-lines.ts";
import { metricLines, lossLines, rateLines } from "../../../src/app/run/line-builders.ts";
import { evaluation, stepEvent, stepEvents } from "./events.ts";
import { defaultTask } from "../../../src/tasks/registry.ts";

const evaluations = [
  evaluation(0, "baseline", 64, 32),
  evaluation(5, "sample", 200, 40),
  evaluation(10, "sample", 200, 20),
  evaluation(10, "full", 1000, 50),
];

describe("lossLines", () => {
  it("has the raw loss, the smoothed one, and validation apart by rows", () => {
    const lines = lossLines(
      stepEvents(10),
      evaluationGroups(evaluations, 1000, 200),
      "step",
      0.5,
      Infinity,
      defaultTask,
    );
    expect(lines.map((line) => [line.name, line.points.map((point) => point.x)])).toEqual([
      ["training, each step", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
      ["training, smoothed", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
      ["validation, 200 sample rows (64 at step 0)", [0, 5, 10]],
      ["validation, all 1,000 rows", [10]],
    ]);
    expect(lines[0]?.points[3]?.y).toBe(0.25);
    // Weights 1, 1/2 (from the step before), divided by their sum: (0.5 · 1 + 1 · 0.5) / 1.5.
    expect(lines[1]?.points[1]?.y).toBeCloseTo(2 / 3, 12);
    expect(lines[2]?.points[1]?.y).toBe(evaluations[1]?.report.logLoss);
  });

  it("stands on the axis that is asked for", () => {
    const steps = [stepEvent(1, { wallMs: 900, trainingMs: 300 })];
    expect(lossLines(steps, [], "wall", 0, Infinity, defaultTask)[0]?.points[0]?.x).toBe(900);
    expect(lossLines(steps, [], "training", 0, Infinity, defaultTask)[0]?.points[0]?.x).toBe(300);
  });
});

describe("metricLines", () => {
  it("gives accuracy and macro F1 of each group", () => {
    const lines = metricLines(evaluationGroups(evaluations, 1000, 200), "step", Infinity, defaultTask);
    expect(lines.map((line) => line.name)).toEqual([
      "accuracy, 200 sample rows (64 at step 0)",
      "macro F1, 200 sample rows (64 at step 0)",
      "accuracy, all 1,000 rows",
      "macro F1, all 1,000 rows",
    ]);
    expect(lines[0]?.points.map((point) => point.y)).toEqual([0.5, 0.8, 0.9]);
    expect(lines[3]?.points[0]?.y).toBe(evaluations[3]?.report.macro.f1);
    expect(new Set(lines.map((line) => line.key)).size).toBe(4);
  });
});

describe("classLines", () => {
  it("gives the chosen score of the chosen classes, once a step, on the most rows", () => {
    const [line, ...others] = classLines(evaluations, ["ham", "spam"], [1], "recall", "step", Infinity);
    expect(others).toEqual([]);
    expect(line?.name).toBe("spam");
    expect(line?.points.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [5, 0.6],
      [10, 0.9],
    ]);
  });
});

describe("rateLines", () => {
  it("puts rate and norm on an axis each", () => {
    const lines = rateLines([stepEvent(1, { learningRate: 1e-5, gradientNorm: 3 })], "step", Infinity);
    expect(lines.map((line) => [line.axis, line.points[0]?.y])).toEqual([
      ["right", 3],
      ["left", 1e-5],
    ]);
  });
});
