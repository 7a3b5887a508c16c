import { describe, expect, it } from "vitest";
import { Plateau, scheduleFactor, type ScheduleSettings } from "../../src/train/schedule.ts";
import reference from "../reference/schedules.json" with { type: "json" };

const { steps, warmup, factor } = reference;
const settings = (changes: Partial<ScheduleSettings>): ScheduleSettings => ({
  schedule: "linear",
  warmupSteps: warmup,
  steps,
  scheduleCycles: 1,
  schedulePower: 1,
  // transformers' polynomial ends at 1e-7 of a rate; the reference was made at a rate of 1.
  learningRate: 1,
  ...changes,
});

const names = {
  linear: "linear",
  cosine: "cosine",
  "cosine-restarts": "cosine_with_restarts",
  constant: "constant",
  "constant-warmup": "constant_with_warmup",
  polynomial: "polynomial",
  "inverse-sqrt": "inverse_sqrt",
} as const;

describe("scheduleFactor", () => {
  it.each(Object.entries(names) as [keyof typeof names, (typeof names)[keyof typeof names]][])(
    "is get_scheduler's at every step: %s",
    (schedule, name) => {
      expect(factor[name]).toHaveLength(steps);
      factor[name].forEach((expected, step) => {
        expect(scheduleFactor(settings({ schedule }), step), `step ${step}`).toBeCloseTo(expected, 12);
      });
    },
  );

  it.each(["linear", "cosine"] as const)("starts at the whole rate without warm-up and ends at 0: %s", (schedule) => {
    const short = settings({ schedule, warmupSteps: 0, steps: 10 });
    expect(scheduleFactor(short, 0)).toBe(1);
    expect(scheduleFactor(short, 10)).toBeCloseTo(0, 12);
    expect(scheduleFactor(short, 25)).toBeGreaterThanOrEqual(0);
  });

  it("restarts the cosine as often as asked", () => {
    const three = settings({ schedule: "cosine-restarts", warmupSteps: 0, steps: 30, scheduleCycles: 3 });
    for (const step of [0, 10, 20]) expect(scheduleFactor(three, step)).toBeCloseTo(1, 12);
    for (const step of [5, 15, 25]) expect(scheduleFactor(three, step)).toBeCloseTo(0.5, 12);
    expect(scheduleFactor(three, 30)).toBe(0);
  });

  it("bends the polynomial by its power, and ends at 1e-7 of a rate", () => {
    const square = settings({
      schedule: "polynomial",
      warmupSteps: 0,
      steps: 10,
      schedulePower: 2,
      learningRate: 1e-3,
    });
    expect(scheduleFactor(square, 5)).toBeCloseTo(0.25 * (1 - 1e-4) + 1e-4, 12);
    expect(scheduleFactor(square, 10)).toBeCloseTo(1e-4, 12);
  });

  it.each([1e-7, 5e-8, 1e-12])(
    "keeps a polynomial at a rate of %d, which is not above its end, from rising",
    (rate) => {
      const low = settings({ schedule: "polynomial", warmupSteps: 0, steps: 10, schedulePower: 2, learningRate: rate });
      for (let step = 0; step <= 12; step++) expect(scheduleFactor(low, step)).toBeLessThanOrEqual(1);
    },
  );

  it.each(["linear", "cosine", "polynomial", "constant-warmup", "inverse-sqrt", "cosine-restarts"] as const)(
    "rises by get_scheduler's line through a run that is shorter than its warm-up: %s",
    (schedule) => {
      const short = settings({ schedule, warmupSteps: 99_999, steps: 18 });
      for (let step = 0; step < 18; step++) expect(scheduleFactor(short, step)).toBeCloseTo(step / 99_999, 12);
    },
  );

  it("is ULMFiT's slanted triangle: up from 1/32 over the warm-up, and down to it", () => {
    // Howard and Ruder 2018, equation 3, with T = 100, cut_frac = 0.1, ratio = 32.
    const slanted = settings({ schedule: "slanted-triangular", warmupSteps: 10, steps: 100 });
    const theirs = (t: number) => {
      const p = t < 10 ? t / 10 : 1 - (t - 10) / (10 * (1 / 0.1 - 1));
      return (1 + p * 31) / 32;
    };
    for (let step = 0; step < 100; step++) expect(scheduleFactor(slanted, step)).toBeCloseTo(theirs(step), 12);
    expect(scheduleFactor(slanted, 100)).toBeCloseTo(1 / 32, 12);
  });
});

describe("Plateau", () => {
  it("lowers the rate after more evaluations without gain than its patience", () => {
    const plateau = new Plateau(1, 0.5);
    const factors = [1, 0.8, 0.8, 0.9, 0.7, 0.71, 0.72, 0.73, 0.74].map((loss) => {
      plateau.see(loss);
      return plateau.factor;
    });
    // torch.optim.lr_scheduler.ReduceLROnPlateau(patience=1, factor=0.5) at the same losses.
    expect(factors).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125]);
  });
});
