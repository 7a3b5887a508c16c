import { describe, expect, it } from "vitest";
import { ratesOf, timeLeft } from "../../../src/app/run/run-rates.ts";
import { evaluation, stepEvent, stepEvents } from "./events.ts";

describe("ratesOf", () => {
  it("counts rows and real tokens by training time", () => {
    expect(ratesOf(stepEvents(5))).toEqual({ rowsPerSecond: 64, tokensPerSecond: 1600 });
    expect(ratesOf(stepEvents(1))).toBeNull();
  });

  it("looks at the last 50 steps only", () => {
    const slow = stepEvents(100).map((step) => ({ ...step, trainingMs: step.step * 1000 }));
    const fast = Array.from({ length: 60 }, (_, i) => stepEvent(101 + i, { trainingMs: 100_000 + (i + 1) * 100 }));
    expect(ratesOf([...slow, ...fast])?.rowsPerSecond).toBeCloseTo(160);
  });
});

describe("steps that are read in bunches", () => {
  // 64 steps a second, read 32 at a time; the last two bunches come at once when a run is stopped.
  const bunched = Array.from({ length: 256 }, (_, i) => {
    const read = Math.min(224, Math.ceil((i + 1) / 32) * 32);
    return stepEvent(i + 1, { trainingMs: (read / 64) * 1000 + i * 0.01 });
  });

  it("have the pace of several bunches", () => {
    const { rows } = stepEvent(1, {});
    const rate = ratesOf(bunched)?.rowsPerSecond ?? NaN;
    expect(rate / (64 * rows)).toBeGreaterThan(0.7);
    expect(rate / (64 * rows)).toBeLessThan(1.5);
    expect(timeLeft(bunched, [], 320)).toBeGreaterThan(600);
  });
});

describe("timeLeft", () => {
  it("is the remaining steps at the present pace", () => {
    expect(timeLeft(stepEvents(20), [], 100)).toBe(80 * 250);
    expect(timeLeft(stepEvents(100), [], 100)).toBe(0);
    expect(timeLeft(stepEvents(1), [], 100)).toBeNull();
  });

  it("adds the evaluations to come, and is not misled by a pause", () => {
    // An evaluation of 1 s after steps 5, 10 and 15, a pause of a minute within the second.
    const extra = (step: number) => (step > 5 ? 1000 : 0) + (step > 10 ? 61_000 : 0) + (step > 15 ? 1000 : 0);
    const steps = stepEvents(20).map((step) => ({ ...step, wallMs: step.trainingMs + extra(step.step) }));
    const evaluations = [5, 10, 15].map((step) => evaluation(step, "sample", 100, 5));
    expect(timeLeft(steps, evaluations, 40)).toBeCloseTo(20 * 250 + 3 * 1000);
  });
});
