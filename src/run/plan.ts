import { dispatchesPerSubmission } from "../gpu/flush.ts";
import type { MemoryFit } from "../plan/fit-to-memory.ts";
import type { RunControl } from "../train/control.ts";
import { timeSteps } from "../train/time-steps.ts";
import { lowRankOf } from "./adapter.ts";
import { memoryOf, type MemoryInput } from "./memory.ts";
import { loadClassifier, ratesOf, type OpenedModel } from "./open-model.ts";
import { checkMaxLength } from "./score.ts";

/** What a run will take. */
export interface RunPlan {
  memory: MemoryFit;
  /** Null when it was stopped before. */
  time: { steps: number; msPerStep: number; ms: number } | null;
}

/** By fine-tuning's time for a token, and the head's share of a language model's multiplications on top. */
function pretrainingMs({ opened, recipe, train, pretrainTexts }: MemoryInput, msPerToken: number): number {
  const { vocabularySize, layers, hiddenSize } = opened.config;
  const head = (recipe.maskShare * vocabularySize) / (12 * layers * hiddenSize);
  return msPerToken * (1 + head) * recipe.pretrainEpochs * (pretrainTexts ?? train).ids.length;
}

/**
 * Predicts memory and time of a run: the memory from sizes alone, the time from a few steps on a copy of the model,
 * which is given back. The time of continued pretraining is reckoned from fine-tuning's. Throws a Problem where recipe,
 * data and model do not fit.
 */
export async function planRun(
  input: MemoryInput & { opened: OpenedModel },
  control: RunControl,
  onProgress?: (done: number, total: number) => void,
): Promise<RunPlan> {
  const { opened, recipe, labelNames, train, validation } = input;
  checkMaxLength(recipe.maxLength, opened.config.maxPositions);
  const memory = memoryOf(input);
  const model = await loadClassifier(opened, labelNames, recipe, undefined, lowRankOf(recipe));
  try {
    const data = { train, validation, labelNames, rates: ratesOf(opened.config), fit: memory };
    const timed = await timeSteps(model, data, recipe, control, onProgress);
    if (!timed) return { memory, time: null };
    const stepsPerEpoch = Math.ceil((train.rowStart.length - 1) / recipe.rowsPerStep);
    const perToken = (timed.msPerStep * stepsPerEpoch) / train.ids.length;
    const ms = timed.ms + pretrainingMs(input, perToken);
    // What the run comes to hold follows from how many dispatches this device takes at once, now known.
    const { prediction } = memoryOf(input, dispatchesPerSubmission());
    return { memory: { ...memory, prediction }, time: { ...timed, ms } };
  } finally {
    model.dispose();
  }
}
