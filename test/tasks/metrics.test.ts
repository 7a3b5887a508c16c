import { describe, expect, it } from "vitest";
import { EntityScorer } from "../../src/metrics/entities/report.ts";
import { MultiLabelScorer } from "../../src/metrics/multi-label/scorer.ts";
import { regressionReportOf } from "../../src/metrics/regression/report.ts";
import { reportOf } from "../../src/metrics/report-of.ts";
import { fields } from "../../src/recipe/fields.ts";
import { defaultTask, taskNamed, tasks } from "../../src/tasks/registry.ts";
import type { TokenReport } from "../../src/tasks/token-classification/metrics.ts";
import { leadingMetrics, metricOf, scoreOf, type AnyReport } from "../../src/tasks/task.ts";

const report = reportOf(Int32Array.of(0, 0, 1), Float32Array.of(2, 0, 0, 1, 0, 1), 2);

const several = new MultiLabelScorer({ labels: 2, truth: Uint8Array.of(0, 1, 1, 1) });
several.add(Float32Array.of(-1, 1, 2, 0));
const entities = new EntityScorer();
entities.add(["B-PER", "O"], ["B-PER", "O"]);
const entityReport: TokenReport = { ...entities.report(), loss: 0.5 };
const reports: Record<string, AnyReport> = {
  "multi-label": several.report(),
  regression: regressionReportOf([1, 2, 3], [1, 2.5, 2]),
  "token-classification": entityReport,
};

describe("the metrics of a task", () => {
  it("are the choices of the recipe's Best by, with the same labels", () => {
    const choices = new Map<string, string>(fields.bestBy.choices.map(({ value, label }) => [value, label]));
    const metrics = tasks.flatMap((task) => task.metrics);
    const labels = metrics.map(({ key, label, better }): [string, string] => [
      key,
      better === "lower" ? `${label} (lower is better)` : label,
    ]);
    expect(new Map(labels.sort())).toEqual(new Map([...choices].sort()));
  });

  it("belong to tasks that the recipe can choose", () => {
    const choices = fields.task.choices.map(({ value }) => value);
    expect(choices).toEqual(["auto", ...tasks.map(({ name }) => name)]);
  });

  it.each(tasks)("of $name have a loss and finite values", (task) => {
    expect(task.metrics).toContain(task.loss);
    expect(task.loss).toMatchObject({ better: "lower", kind: "loss" });
    const own = reports[task.name] ?? report;
    for (const metric of task.metrics) expect(metric.of(own)).toBeTypeOf("number");
    expect(new Set(task.metrics.map(({ key }) => key)).size).toBe(task.metrics.length);
  });

  it("are found by key, and turned so that more is better", () => {
    expect(scoreOf(metricOf(defaultTask, "accuracy"), report)).toBeCloseTo(2 / 3, 12);
    expect(scoreOf(metricOf(defaultTask, "logLoss"), report)).toBe(-report.logLoss);
    expect(leadingMetrics(defaultTask).map(({ key }) => key)).toEqual(["accuracy", "macroF1"]);
    expect(() => metricOf(defaultTask, "bleu")).toThrow("has no metric “bleu”");
  });
});

describe("the registry", () => {
  it("finds a task by name, and refuses others", () => {
    expect(taskNamed("single-label")).toBe(defaultTask);
    expect(taskNamed(undefined)).toBe(defaultTask);
    expect(() => taskNamed("summaries")).toThrow("There is no task “summaries”.");
  });
});
