import { describe, expect, it } from "vitest";
import { scoreScale } from "../../../src/app/run/score-scale.ts";
import { metricLines } from "../../../src/app/run/line-builders.ts";
import { evaluationGroups } from "../../../src/app/run/evaluations.ts";
import { evaluation } from "./events.ts";
import { defaultTask } from "../../../src/tasks/registry.ts";

const series = metricLines(
  evaluationGroups([evaluation(0, "baseline", 64, 32), evaluation(5, "full", 1000, 30)], 1000, 1000),
  "step",
  Infinity,
  defaultTask,
);

describe("scoreScale", () => {
  it("goes from 0 to 1 unless zoomed, with room for marks at 1", () => {
    const { domain, ticks } = scoreScale("", false, series);
    expect(domain).toEqual([0, 1.03]);
    expect(ticks).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it("begins just below the lowest score when zoomed, the untrained model's not counted", () => {
    const { domain, ticks } = scoreScale("", true, series);
    expect(domain[0]).toBe(0.96);
    expect(ticks).toEqual([0.96, 0.97, 0.98, 0.99, 1]);
    expect(scoreScale("", true, []).ticks).toEqual([0.99, 1]);
  });
});
