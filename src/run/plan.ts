import { rowCount } from "../data/batches.ts";
import type { Classifier } from "../model/classifier.ts";
import type { LanguageModel } from "../model/language-model.ts";
import type { MemoryFit } from "../plan/fit-to-memory.ts";
import type { RunControl } from "../train/control.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import { earlierCorpus as corpusOf } from "../train/earlier-corpus.ts";
import { TIMED_ROWS, timedRecipe } from "../train/time-earlier.ts";
import { timePretraining } from "../train/time-pretraining.ts";
import { timeSteps, type TimedSteps } from "../train/time-steps.ts";
import { checkBaseline } from "./check-baseline.ts";
import { memoryOf, type MemoryInput } from "./memory.ts";
import { loadModels } from "./models.ts";
import { textTaskOf } from "./language-model.ts";
import { ratesOf, type OpenedModel } from "./open-model.ts";
import { checkPretraining } from "./pretrain.ts";
import { checkMaxLength } from "./score.ts";
import { taskOfRun } from "./task-of-run.ts";
import { forTask } from "./token-model.ts";

/** What a run will take. */
export interface RunPlan {
  memory: MemoryFit;
  /** Windows of the rows to train and to validate on; null where no row is read in several. */
  windows: { train: number; validation: number } | null;
  /** Null when it was stopped before; `ms` has `pretrainingMs` in it, which is 0 where a run has no pretraining. */
  time: (TimedSteps & { pretrainingMs: number }) | null;
}

type PlanInput = MemoryInput & { opened: OpenedModel };

/**
 * Predicts memory and time of a run: the memory from sizes alone, the time from a few steps of each kind on a copy of the
 * model, which is given back. Throws a Problem where recipe, data and model do not fit.
 */
export async function planRun(
  given: PlanInput,
  control: RunControl,
  onProgress?: (done: number, total: number) => void,
): Promise<RunPlan> {
  const input = forTask(given);
  const { opened, recipe } = input;
  checkMaxLength(recipe.maxLength, opened.config.maxPositions);
  checkPretraining(recipe, opened);
  checkBaseline(recipe, input.task ?? defaultTrainedTask);
  const memory = await memoryOf(input);
  const { model, language, dispose } = await loadModels(input);
  try {
    return {
      memory,
      windows: windowsOf(input),
      time: await timeRun(input, memory, model, language, control, onProgress),
    };
  } finally {
    dispose();
  }
}

function windowsOf({ train, validation }: PlanInput): RunPlan["windows"] {
  if (!train.textStart && !validation.textStart) return null;
  return { train: rowCount(train), validation: rowCount(validation) };
}

async function timeRun(
  input: PlanInput,
  fit: MemoryFit,
  model: Classifier,
  language: LanguageModel | null,
  control: RunControl,
  onProgress?: (done: number, total: number) => void,
): Promise<RunPlan["time"]> {
  const { opened, recipe, labelNames, train, validation, pretrainTexts, earlier, earlierCorpus } = input;
  const task = taskOfRun(input);
  const rates = ratesOf(opened.config);
  const data = { task, train, validation, labelNames, rates, fit, earlier };
  const withoutPretraining = (timed: TimedSteps | null) => timed && { ...timed, pretrainingMs: 0 };
  if (!language) return withoutPretraining(await timeSteps(model, data, recipe, control, onProgress));
  const texts = textTaskOf(opened, recipe);
  const ofCorpus = earlierCorpus && {
    sampled: corpusOf(language, { ...earlierCorpus, task: texts }, timedRecipe(recipe), control, TIMED_ROWS.scored),
    rows: { train: rowCount(earlierCorpus.train), validation: rowCount(earlierCorpus.validation) },
  };
  const timed = await timeSteps(model, { ...data, earlierCorpus: ofCorpus }, recipe, control, onProgress);
  if (!timed || recipe.pretrainEpochs === 0) return withoutPretraining(timed);
  const pretraining = { task: texts, train: pretrainTexts ?? train, heldOut: validation, rates, fit };
  const before = await timePretraining(language, pretraining, recipe, control);
  if (!before) return null;
  const compileMs = timed.compileMs + before.compileMs;
  return { ...timed, ms: timed.ms + before.ms, pretrainingMs: before.ms, compileMs };
}
