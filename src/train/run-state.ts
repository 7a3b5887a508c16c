import type { AnyReport, AnyScores, GivenLabels } from "../tasks/task.ts";
import type { BestState } from "./best-so-far.ts";
import type { HeldByPlace } from "./held-numbers.ts";
import type { OptimizerState } from "./optimizer.ts";
import type { PlateauState } from "./schedule.ts";
import type { StopwatchState } from "./stopwatch.ts";

/** A full evaluation, as a save has it. */
interface HeldEvaluation {
  step: number;
  report: AnyReport;
  scores: AnyScores;
}

/** Where a training run is between two steps, and all that its next step depends on. */
export interface TrainingState {
  /** Steps made. */
  step: number;
  /** Epochs that are complete, with their evaluation. */
  epoch: number;
  /** Steps made in the epoch that has begun. */
  inEpoch: number;
  clock: StopwatchState;
  /** Weights that differ from those of the checkpoint, or may. */
  weights: HeldByPlace;
  optimizer: OptimizerState;
  /** The weights that L2-SP pulls to. */
  pull: HeldByPlace | null;
  consolidation: { starts: HeldByPlace; importance: HeldByPlace } | null;
  /** The moving average of the weights. */
  moving: HeldByPlace | null;
  best: (HeldEvaluation & { weights: HeldByPlace }) | null;
  current: HeldEvaluation | null;
  /** Whether the best weights are those of now. */
  isBestCurrent: boolean;
  bestSoFar: BestState | null;
  plateau: PlateauState | null;
  checkpoints: { score: number; weights: HeldByPlace }[] | null;
  /** What the model said of the training rows after each epoch. */
  dynamics: GivenLabels[];
}

/** When a run may be saved: between two steps, after an epoch with its evaluation, where a pause begins, at a stop. */
export type Moment = "step" | "epoch" | "pause" | "stop";

/** What keeps a run while it trains. */
export interface StateSaver {
  isDue(moment: Moment, step: number): boolean;
  /** Keeps the state; the run waits for it, so that its numbers stay as they are meanwhile. */
  save(state: TrainingState): Promise<void>;
}
