import { expect, it } from "vitest";
import { againstBaseline } from "../../src/tasks/against-baseline.ts";
import { defaultTask, taskNamed } from "../../src/tasks/registry.ts";

const better = (task: string, report: object, metric: string, value: number) =>
  againstBaseline(taskNamed(task), { report: { rows: 10, ...report } }, { metric, value })?.better;

it("compares by the metric that chose the weights, in its direction", () => {
  expect(better("single-label", { accuracy: 0.9 }, "accuracy", 0.8)).toBe("baseline");
  expect(better("single-label", { accuracy: 0.9, macro: { f1: 0.5 } }, "macroF1", 0.8)).toBe("fine-tuned");
  expect(better("regression", { rmse: 2 }, "rmse", 3)).toBe("baseline");
  expect(better("regression", { rmse: 3 }, "rmse", 2)).toBe("fine-tuned");
  expect(
    againstBaseline(defaultTask, { report: { rows: 1, accuracy: 0.5 } as never }, { metric: "accuracy", value: 0.25 }),
  ).toMatchObject({
    metric: { key: "accuracy" },
    baseline: 0.5,
    fineTuned: 0.25,
  });
});

it("leaves equal ones to the fine-tuned weights, and takes a figure over none", () => {
  expect(better("single-label", { accuracy: 0.8 }, "accuracy", 0.8)).toBe("fine-tuned");
  expect(better("regression", { pearson: 0.1 }, "pearson", NaN)).toBe("baseline");
  expect(better("regression", { pearson: null }, "pearson", 0.1)).toBe("fine-tuned");
});

it("is not there without a baseline or without best weights", () => {
  expect(againstBaseline(defaultTask, null, { metric: "accuracy", value: 1 })).toBeNull();
  expect(againstBaseline(defaultTask, { report: { rows: 1 } }, undefined)).toBeNull();
});
