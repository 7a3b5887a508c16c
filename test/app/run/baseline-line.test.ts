import { expect, it } from "vitest";
import { baselineLine } from "../../../src/app/run/line-builders.ts";
import type { Series } from "../../../src/app/run/series.ts";
import { defaultTask } from "../../../src/tasks/registry.ts";
import type { BaselineEvent } from "../../../src/workers/protocol.ts";

const moments = [0, 30, 60].map((step) => ({ step, wallMs: 100 * step, trainingMs: 50 * step }));
const line: Series = {
  key: "full",
  name: "accuracy, all",
  color: "black",
  dash: "",
  mark: null,
  weight: "normal",
  axis: "left",
  points: moments.map((at) => ({ x: at.step, y: 0.5, at })),
};
const report = { rows: 20, accuracy: 0.8 };
const baseline: BaselineEvent = { type: "baseline", task: "single-label", report, trainRows: 80, l2: 10, wallMs: 1 };

it("a level from the first point of the other lines to the last, on each axis", () => {
  const [level] = baselineLine(baseline, [line], "wall", defaultTask);
  expect(level?.name).toBe("accuracy of the baseline, 20 rows");
  expect(level?.points.map(({ x, y }) => [x, y])).toEqual([
    [0, 0.8],
    [6000, 0.8],
  ]);
});

it("nothing before the first point, and without a baseline", () => {
  expect(baselineLine(baseline, [], "step", defaultTask)).toEqual([]);
  expect(baselineLine(null, [line], "step", defaultTask)).toEqual([]);
});
