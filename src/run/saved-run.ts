import type { Thresholds } from "../metrics/decision.ts";
import type { TrainEvent } from "../train/events.ts";
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
}
