import type { RowLabels } from "../data/row-labels.ts";
import { inOutline, type Outline } from "../gpu/outline.ts";
import type { GpuDevice } from "../gpu/gpu-device.ts";
import type { Program } from "../gpu/program.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { RunControl } from "../train/control.ts";
import type { Earlier } from "../train/earlier.ts";
import { earlierCorpus } from "../train/earlier-corpus.ts";
import { TrainingRun, type RunData } from "../train/loop.ts";
import { pretrain } from "../train/pretraining.ts";
import type { Trainable } from "../train/trainable.ts";
import { partsOf, type LargestSteps } from "./largest-steps.ts";
import {
  noRates,
  outlineCorpus,
  outlineEarlierRows,
  outlineRows,
  outlineTexts,
  type BatchCapacity,
} from "./outline-rows.ts";
import { watchedModel } from "./watched-model.ts";

/** The largest micro-batch of a step, and the largest number of micro-batches per step. */
export interface StepCapacity extends BatchCapacity {
  microBatches: number;
}

/** How an earlier task takes part: by rows under a classifier of `classes` classes, or by texts of a language model. */
export type EarlierCapacity =
  | {
      kind: "rows";
      classes: number;
      /** Rehearsed beside those of the new task in each step, at most. */
      microBatches: number;
    }
  | {
      kind: "texts";
      /** The capacity for one text that weighs the weights, and for the largest batch that is scored. */
      single: BatchCapacity;
      meter: BatchCapacity;
    };

/** The largest batches of a run. */
export interface RunCapacity {
  training: StepCapacity;
  /** The steps of continued pretraining; null where the recipe has none. */
  pretraining: StepCapacity | null;
  /** Whether main memory holds what the head reads of all rows, where the head alone trains (`train/features.ts`). */
  keepsFeatures: boolean;
  /** What an earlier task needs, where the run has one. */
  earlier: EarlierCapacity | null;
  /** Batches of each set, as an evaluation cuts it; as many as are read together where not given. */
  batches?: { train: number; validation: number };
  /** The rows themselves, on wasm, where tensors have the size of a batch. */
  largest?: LargestSteps;
}

/** What a run trains. */
interface RunModels {
  model: Trainable<unknown>;
  /** The model's encoder as a language model, for continued pretraining and an earlier corpus. */
  language: Trainable<unknown> | null;
  dispose: () => void;
}

/** A run to be planned. */
export interface PlannedRun {
  /** Where it will run. */
  device: "webgpu" | "wasm";
  /** Makes its models on the current backend, as the run itself does; waits for nothing on an outline. */
  models: (recipe: Recipe) => Promise<RunModels>;
  task: TrainedTask;
  recipe: Recipe;
  labelNames: readonly string[];
  /** Labels of the form that the rows have; one class each where not given. */
  labels?: RowLabels;
  /** Bytes beyond which the system ends the page (`mostDeviceBytes`); none where not given. */
  mostBytes?: number;
}

/** Bytes on the device at the peak of a run. */
export interface MemoryPrediction {
  weights: number;
  gradients: number;
  /** AdamW's two running means of each weight that trains. */
  moments: number;
  /** What forward and backward passes make and keep, the batch, and buffers that wait to be used again. */
  activations: number;
  /** Copies of the weights that a method keeps (EMA, L2-SP, consolidation), and small buffers. */
  other: number;
  total: number;
}

/** A prediction, and what a shader must be able to bind for it. */
interface Outlined {
  prediction: MemoryPrediction;
  /** Bytes for each token of a batch of the widest activation that a dispatch binds. */
  widestPerToken: number;
}

/**
 * Rows that weigh the weights: further ones find every buffer that the second needed, beside what was weighed; and of the
 * outputs that labels are drawn from on a GPU, where they are large, two bunches of two are held.
 */
const SAMPLES = 4;
/** Nor does a third full micro-batch take more than the second, beside the gradients of those before. */
const MICRO_BATCHES = 2;
/** A run on wasm whose largest steps have more parts than this is outlined by that many micro-batches, all full. */
const MOST_PARTS = 24;

/**
 * The bytes that a run holds at its peak: the run itself goes through its largest batches on an outline, where tensors
 * have sizes and no contents: one step, and an evaluation, which all others are like. Snapshots of weights and files are
 * in main memory and not counted. Throws the Problems that the run throws where its recipe cannot be.
 */
export function predictMemory(run: PlannedRun, capacity: RunCapacity, checkpointing: boolean): Promise<Outlined> {
  return inOutline(run.device, async (outline) => {
    const before = outline.bytesHeld;
    const models = await run.models(run.recipe);
    const weights = outline.inUse;
    const held = await goThrough(run, models, capacity, checkpointing, outline).finally(models.dispose);
    const [gradients, moments] = [outline.mostOf("gradients"), outline.mostOf("moments")];
    const other = before + held - weights;
    const total = outline.bytesHeld;
    const activations = total - weights - gradients - moments - other;
    const { tokens } = capacity.training;
    const prediction = { weights, gradients, moments, activations, other, total };
    return { prediction, widestPerToken: outline.widestOf(tokens) / tokens };
  });
}

/**
 * The programs that a run dispatches on a GPU: those of its largest step and of an evaluation, which most other steps and
 * evaluations have too.
 */
export async function programsOf(
  run: PlannedRun,
  capacity: RunCapacity,
  checkpointing: boolean,
  gpu: GpuDevice,
): Promise<Program[]> {
  const listed = async (outline: Outline) => {
    const models = await run.models(run.recipe);
    await goThrough(run, models, capacity, checkpointing, outline, "long rows").finally(models.dispose);
    return [...outline.dispatched.values()];
  };
  return inOutline("webgpu", listed, gpu);
}

/** Returns the most bytes that were held between two steps, without moments and gradients. */
async function goThrough(
  run: PlannedRun,
  models: RunModels,
  capacity: RunCapacity,
  checkpointing: boolean,
  outline: Outline,
  rows?: "long rows",
): Promise<number> {
  const { recipe } = run;
  const control = new RunControl();
  const fit = { checkpointing, mostTokens: capacity.largest ? capacity.training.tokens : Infinity };
  const model = watchedModel(models.model, outline, capacity.keepsFeatures);
  const language = models.language && watchedModel(models.language, outline);
  const fineTuning = () => {
    const { data, recipe: own } = fineTuningOf(run, capacity, rows ? "wasm" : run.device);
    const corpus = language && corpusOf(language, capacity, recipe, control);
    return new TrainingRun(model, { ...data, ...(corpus && { earlierCorpus: corpus }), fit }, own, control);
  };
  let most = 0;
  const see = () => {
    most = Math.max(most, outline.inUse - outline.nowOf("moments") - outline.nowOf("gradients"));
  };
  if (language && capacity.pretraining) {
    const { pretraining } = capacity;
    const microBatches = Math.min(MICRO_BATCHES, pretraining.microBatches);
    // As the run does: it makes its fine-tuning first, to find what does not fit.
    fineTuning().dispose();
    const texts = { ...outlineTexts(pretraining, microBatches, language.tables.word, recipe), fit };
    const own: Recipe = { ...recipe, batchSize: microBatches, accumulate: microBatches };
    for await (const event of pretrain(language, texts, own, control)) {
      if (event.type === "pretrainStep") break;
    }
  }
  for await (const event of fineTuning().events()) {
    see();
    if (event.type === "evaluation" && event.scope === "full") break;
  }
  return most;
}

/** One step of the run, with the rows and the recipe that make the largest one of it. */
function fineTuningOf(
  { task, recipe, labelNames, labels }: PlannedRun,
  { training, earlier, batches, largest }: RunCapacity,
  device: "webgpu" | "wasm",
): { data: RunData; recipe: Recipe } {
  const always: Partial<Recipe> = {
    epochs: 1,
    ewcRows: SAMPLES,
    evaluationsPerEpoch: 0,
    // All levels train together in the end.
    gradualUnfreezing: false,
    // The rows of the outline are those of the run's epochs already.
    sampling: "all",
  };
  if (device === "wasm" && largest && partsOf(largest, recipe, training.tokens) <= MOST_PARTS) {
    const { steps, ...rows } = largest;
    const { tokens, rows: most, stepTokens } = training;
    const room = { tokens, rows: most, stepTokens };
    const data = { task, ...rows, labelNames, rates: noRates, maxSteps: steps, capacity: room };
    return { data, recipe: { ...recipe, ...always } };
  }
  const microBatches = Math.min(MICRO_BATCHES, training.microBatches);
  const rehearsed = earlier?.kind === "rows" ? Math.min(MICRO_BATCHES, earlier.microBatches) : 0;
  const own: Recipe = {
    ...recipe,
    batchSize: microBatches * training.rows,
    accumulate: microBatches,
    rehearsal: recipe.rehearsal > 0 ? rehearsed / microBatches : 0,
    ...always,
  };
  const form = { device, ...(labels && { labels }), asksWords: task.asks === "words" };
  const rows = outlineRows(training, microBatches, labelNames, form, batches);
  const others = earlier?.kind === "rows" && outlineEarlierRows(training, rehearsed, earlier.classes, device);
  return { data: { task, ...rows, ...(others && { earlier: others }) }, recipe: own };
}

function corpusOf(
  language: Trainable<unknown>,
  { earlier }: RunCapacity,
  recipe: Recipe,
  control: RunControl,
): Earlier | null {
  if (earlier?.kind !== "texts") return null;
  const texts = outlineCorpus(earlier.single, earlier.meter, SAMPLES, language.tables.word, recipe);
  return earlierCorpus(language, texts, { ...recipe, ewcRows: SAMPLES }, control);
}
