import type { Recipe } from "../recipe/recipe.ts";

/** The fields of a recipe that decide the rate at a step. */
export interface ScheduleSettings extends Pick<
  Recipe,
  "learningRate" | "schedule" | "scheduleCycles" | "schedulePower"
> {
  warmupSteps: number;
  /** Steps of the whole run. */
  steps: number;
}

const POLYNOMIAL_END = 1e-7;
/** How much smaller ULMFiT's lowest rate is than its highest. */
const SLANTED_RATIO = 32;

/**
 * Factor on the learning rate at `step` (0 for the first), equal to transformers' `get_scheduler`: a linear rise over
 * the warm-up steps, then what the schedule says. A warm-up that is longer than the run ends below the peak. "constant" has no warm-up; "plateau" is constant here, and lowered
 * from outside (see `Plateau`). "slanted-triangular" is Howard and Ruder 2018, section 3.2, whose share of rising
 * steps is the warm-up.
 */
export function scheduleFactor(settings: ScheduleSettings, step: number): number {
  const { schedule, warmupSteps, steps, scheduleCycles, schedulePower, learningRate } = settings;
  if (schedule === "constant") return 1;
  if (schedule === "slanted-triangular") {
    const cut = Math.max(1, warmupSteps);
    const progress = step < cut ? step / cut : Math.max(0, 1 - (step - cut) / Math.max(1, steps - cut));
    return (1 + progress * (SLANTED_RATIO - 1)) / SLANTED_RATIO;
  }
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  switch (schedule) {
    case "constant-warmup":
    case "plateau":
      return 1;
    case "linear":
      return Math.max(0, 1 - progress);
    case "cosine":
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    case "cosine-restarts":
      return progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * ((scheduleCycles * progress) % 1))));
    case "polynomial": {
      // It ends at a rate of 1e-7. A rate below that would rise to it; transformers refuses such a one.
      const end = Math.min(1, POLYNOMIAL_END / learningRate);
      return step > steps ? end : (1 - end) * (1 - progress) ** schedulePower + end;
    }
    case "inverse-sqrt": {
      // transformers' time scale: the warm-up, or 10,000 steps where there is none.
      const scale = warmupSteps || 10_000;
      return 1 / Math.sqrt((step + scale - warmupSteps) / scale);
    }
  }
}

/** What `Plateau` has seen. */
export interface PlateauState {
  /** What the rate is multiplied by now. */
  factor: number;
  best: number;
  /** Evaluations since the best one. */
  without: number;
}

/** Lowers the rate when the validation loss stops falling, as PyTorch's ReduceLROnPlateau (threshold 1e-4, relative). */
export class Plateau {
  state: PlateauState = { factor: 1, best: Infinity, without: 0 };

  constructor(
    private readonly patience: number,
    private readonly lowering: number,
  ) {}

  /** Called with the loss of each full evaluation. */
  see(loss: number): void {
    const { state } = this;
    if (loss < state.best * (1 - 1e-4)) {
      state.best = loss;
      state.without = 0;
    } else if (++state.without > this.patience) {
      state.factor *= this.lowering;
      state.without = 0;
    }
  }

  get factor(): number {
    return this.state.factor;
  }
}
