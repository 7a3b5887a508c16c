import { describe, expect, it } from "vitest";
import { drawnPoints, nearest } from "../../../src/app/run/series.ts";
import { lossLines } from "../../../src/app/run/line-builders.ts";
import { stepEvents } from "./events.ts";
import { defaultTask } from "../../../src/tasks/registry.ts";

describe("nearest", () => {
  const points = [0, 10, 20].map((x) => ({ x, y: x }));

  it("finds the point nearest to a place, the earlier one of two equally near", () => {
    expect(nearest(points, 4)?.x).toBe(0);
    expect(nearest(points, 5)?.x).toBe(0);
    expect(nearest(points, 6)?.x).toBe(10);
    expect(nearest(points, -3)?.x).toBe(0);
    expect(nearest(points, 99)?.x).toBe(20);
    expect(nearest([], 1)).toBeUndefined();
  });
});

describe("drawnPoints", () => {
  it("are a few hundred of a run of 20,000 steps, its first and last among them", () => {
    const full = lossLines(stepEvents(20_000), [], "step", 0.9, Infinity, defaultTask);
    const drawn = lossLines(stepEvents(20_000), [], "step", 0.9, drawnPoints, defaultTask);
    for (const line of drawn) {
      expect(line.points.length).toBeGreaterThan(drawnPoints / 3);
      expect(line.points.length).toBeLessThanOrEqual(drawnPoints);
      expect(line.points[0]?.x).toBe(1);
      expect(line.points.at(-1)?.x).toBe(20_000);
    }
    expect(full.map((line) => line.points.length)).toEqual([20_000, 20_000]);
  });
});
