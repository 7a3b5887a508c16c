import { describe, expect, it } from "vitest";
import { scheduleFactor } from "../../src/train/schedule.ts";
import reference from "../reference/schedules.json" with { type: "json" };

const { steps, warmup, factor } = reference;

describe("scheduleFactor", () => {
  it.each(["linear", "cosine"] as const)("is get_scheduler's at every step: %s", (schedule) => {
    expect(factor[schedule]).toHaveLength(steps);
    factor[schedule].forEach((expected, step) => {
      expect(scheduleFactor(schedule, step, warmup, steps), `step ${step}`).toBeCloseTo(expected, 12);
    });
  });

  it.each(["linear", "cosine"] as const)("starts at the whole rate without warm-up and ends at 0: %s", (schedule) => {
    expect(scheduleFactor(schedule, 0, 0, 10)).toBe(1);
    expect(scheduleFactor(schedule, 10, 0, 10)).toBeCloseTo(0, 12);
    expect(scheduleFactor(schedule, 25, 0, 10)).toBeGreaterThanOrEqual(0);
  });
});
