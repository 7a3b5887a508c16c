import { rowCount } from "../data/batches.ts";
import type { Classifier } from "../model/classifier.ts";
import type { LanguageModel } from "../model/language-model.ts";
import type { MemoryFit } from "../plan/fit-to-memory.ts";
import type { RunControl } from "../train/control.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import { earlierCorpus as corpusOf } from "../train/earlier-corpus.ts";
import { TIMED_ROWS, timedRecipe } from "../train/time-earlier.ts";
import { timePretraining } from "../train/time-pretraining.ts";
import { countSteps } from "../train/settings.ts";
import { timeProbe } from "../train/probe/time-probe.ts";
import { timeSteps, type TimedSteps } from "../train/time-steps.ts";
import { checkBaseline } from "./check-baseline.ts";
import { checkDataMap } from "./data-map.ts";
import { memoryOf, type MemoryInput } from "./memory.ts";
import { loadModels } from "./models.ts";
import { textTaskOf } from "./language-model.ts";
import { ratesOf, type OpenedModel } from "./open-model.ts";
import { checkPretraining } from "./pretrain.ts";
import { startsFromProbe } from "./head-start.ts";
import { checkMaxLength } from "./score.ts";
import { stepsWithin, timeBudget } from "./time-budget.ts";
import { taskOfRun } from "./task-of-run.ts";
import { forTask } from "./token-model.ts";

/** What a run will take. */
export interface RunPlan {
  memory: MemoryFit;
  /** Windows of the rows to train and to validate on; null where no row is read in several. */
  windows: { train: number; validation: number } | null;
  /** Null when it was stopped before. */
  time: RunTime | null;
}

/** How long a run takes; `ms` has the other two in it, which are 0 where a run has no pretraining or no probe. */
interface RunTime extends Omit<TimedSteps, "msPerToken"> {
  pretrainingMs: number;
  /** The baseline, and the probe that the head starts from. */
  probeMs: number;
  /** Whether the run may end before: when it stops improving. */
  isLimit: boolean;
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
  checkDataMap(recipe, input.task ?? defaultTrainedTask);
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
  const timedRun = (timed: TimedSteps | null, before: TimedPretraining | null) =>
    timed && byEffort({ ...input, task }, model, timed, before);
  if (!language) return timedRun(await timeSteps(model, data, recipe, control, onProgress), null);
  const texts = textTaskOf(opened, recipe);
  const ofCorpus = earlierCorpus && {
    sampled: corpusOf(language, { ...earlierCorpus, task: texts }, timedRecipe(recipe), control, TIMED_ROWS.scored),
    rows: { train: rowCount(earlierCorpus.train), validation: rowCount(earlierCorpus.validation) },
  };
  const timed = await timeSteps(model, { ...data, earlierCorpus: ofCorpus }, recipe, control, onProgress);
  if (!timed || recipe.pretrainEpochs === 0 || recipe.effort === "quick") return timedRun(timed, null);
  const pretraining = { task: texts, train: pretrainTexts ?? train, heldOut: validation, rates, fit };
  const before = await timePretraining(language, pretraining, recipe, control);
  return before && timedRun(timed, before);
}

type TimedPretraining = Pick<TimedSteps, "ms" | "compileMs">;

/** The time of the run as its effort has it: the baseline alone, as many steps as fit into a budget, or all of them. */
function byEffort(
  input: PlanInput & { task: TrainedTask },
  model: Classifier,
  timed: TimedSteps,
  pretraining: TimedPretraining | null,
): RunTime {
  const { recipe, train } = input;
  const pretrainingMs = pretraining?.ms ?? 0;
  const probeMs = probesOf(input, model, timed.msPerToken);
  const { steps: all, msPerStep } = timed;
  const compileMs = timed.compileMs + (pretraining?.compileMs ?? 0);
  const shared = { steps: all, msPerStep, compileMs, pretrainingMs, probeMs, isLimit: false };
  if (recipe.effort === "quick") return { ...shared, steps: 0, msPerStep: 0, ms: probeMs };
  const budget = timeBudget(recipe) ?? Infinity;
  const ms = timed.ms + probeMs;
  if (ms <= budget) return { ...shared, ms: ms + pretrainingMs, isLimit: recipe.earlyStopping > 0 };
  const { stepsPerEpoch } = countSteps(recipe, rowCount(train));
  const trained = (timed.msPerStep * stepsPerEpoch) / Math.max(1, train.ids.length);
  const steps = stepsWithin(input, { trained, scored: timed.msPerToken }, budget - probeMs);
  return { ...shared, steps, ms: budget + pretrainingMs };
}

/** Milliseconds of the baseline and of the probe that the head starts from. */
function probesOf(input: PlanInput & { task: TrainedTask }, model: Classifier, msPerToken: number): number {
  const { task, recipe, train, validation, labelNames } = input;
  if (!task.linearLoss || recipe.start === "random") return 0;
  const { productsPerToken, vectorWidth, featureWidth } = model;
  const data = { task, train, labelNames, seed: recipe.seed };
  const ofBaseline = { width: vectorWidth, productsPerToken };
  const ofHead = { width: featureWidth, productsPerToken };
  return (
    (recipe.baseline || recipe.effort === "quick" ? timeProbe(ofBaseline, { ...data, validation }, msPerToken) : 0) +
    (startsFromProbe(task, input) ? timeProbe(ofHead, { ...data, validation: null }, msPerToken) : 0)
  );
}
