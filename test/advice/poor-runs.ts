import { aimless, always } from "./short-run.ts";

export const flat = (loss: number) => (step: number) => loss + 0.01 * (step % 3);
export const falling = (from: number, to: number, steps: number) => (step: number) =>
  from + ((to - from) * step) / steps + 0.001 * (step % 3);

/** Twelve steps on unequal classes: all rows in the majority class. */
export const tooShort = {
  supports: [87, 13],
  steps: 12,
  stepsPerEpoch: 4,
  lossAt: falling(0.69, 0.4, 12),
  before: aimless(2),
  after: always(2, 0, 1.9),
};

/** 400 steps after which the model knows how frequent the classes are, and no more. */
export const guessing = {
  supports: [30, 30, 40],
  steps: 400,
  stepsPerEpoch: 100,
  lossAt: falling(1.4, 1.09, 400),
  before: (truth: number, row: number) => aimless(3)(truth, row).map((logit) => 6 * logit),
  after: aimless(3),
};

/** 60 steps after which the model is sure of one class for all rows. */
export const ruined = {
  supports: [50, 50],
  steps: 60,
  stepsPerEpoch: 20,
  lossAt: falling(0.69, 1.2, 60),
  before: aimless(2),
  after: always(2, 1, 3),
};

/** 150 steps that changed nothing. */
export const still = {
  supports: [40, 60],
  steps: 150,
  stepsPerEpoch: 50,
  lossAt: flat(0.68),
  before: aimless(2),
  after: aimless(2),
};
