import type { Thresholds } from "../metrics/decision.ts";
import type { SetbackEvent, TrainEvent } from "../train/events.ts";
import type { Baseline } from "../train/probe/baseline.ts";
import type { HeldByPlace } from "../train/held-numbers.ts";
import type { StateSaver, TrainingState } from "../train/run-state.ts";
import type { StepFit } from "../train/settings.ts";

/** A run between two steps: what `Run.load` needs beside its input to go on as if nothing had happened. */
export interface RunState {
  phase: "pretraining" | "fine-tuning";
  /** All events so far. */
  history: readonly TrainEvent[];
  /** Where it ends at the latest; Infinity where its epochs decide. */
  maxSteps: number;
  /** Milliseconds that are left of the time that a person gave it; null where its epochs decide. */
  msLeft: number | null;
  /** How its steps were made to fit into memory: other parts of a step would add up to other last bits. */
  fit: StepFit;
  baseline: Baseline | null;
  /** What the baseline's labels are predicted from, where that was tuned on training rows. */
  baselineThresholds: Thresholds | null;
  /** Weights that pretraining changed and fine-tuning does not. */
  pretrained: HeldByPlace | null;
  training: TrainingState;
}

/** What keeps a run, whichever of its phases is trained. */
export interface RunSaver extends Pick<StateSaver, "isDue"> {
  save(state: RunState): Promise<void>;
  /** The newest save that is whole; null where there is none. */
  latest(): Promise<RunState | null>;
}

/** A run goes back to its last save so often, each time with half the rate. */
const MOST_SETBACKS = 2;

/**
 * A saved run with half the rate from there on, to go on after it diverged at step `from`; null where it went back often
 * enough.
 */
export function withHalfTheRate(state: RunState, from: number): RunState | null {
  const { history, training } = state;
  if (history.filter(({ type }) => type === "setback").length >= MOST_SETBACKS) return null;
  const rate = training.optimizer.backOff / 2;
  const best = history.findLast((event) => event.type === "best") ?? null;
  const setback: SetbackEvent = { type: "setback", from, step: training.step, rate, best };
  return {
    ...state,
    history: [...history, setback],
    training: { ...training, optimizer: { ...training.optimizer, backOff: rate } },
  };
}
