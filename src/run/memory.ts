import { fittingRows, lengthOf, rowCount } from "../data/batches.ts";
import { onlyLabels } from "../data/row-labels.ts";
import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import { epochSize } from "../data/sampled-order.ts";
import { GpuDevice } from "../gpu/gpu-device.ts";
import { runningDevice } from "../gpu/running.ts";
import {
  cutCapacity,
  fitToMemory,
  type CapacityNeeded,
  type MemoryChange,
  type MemoryFit,
} from "../plan/fit-to-memory.ts";
import { largestSteps } from "../plan/largest-steps.ts";
import { programsOf, type EarlierCapacity, type PlannedRun } from "../plan/predict-memory.ts";
import type { Capacity } from "../ops/device-batch.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { capacityOf } from "../train/capacity.ts";
import { corpusParts } from "../train/earlier-corpus.ts";
import type { EarlierData } from "../train/earlier-task.ts";
import { featureRows, featuresFit } from "../train/features.ts";
import { pretrainCapacity, pretrainRows } from "../train/pretrain-capacity.ts";
import { Rehearsal } from "../train/rehearsal.ts";
import { countSteps } from "../train/settings.ts";
import { loadModels } from "./models.ts";
import { textTaskOf } from "./language-model.ts";
import type { LoadableModel, OpenedModel } from "./open-model.ts";

/** What decides the memory of a run; see `RunInput`. */
export interface MemoryInput {
  opened: LoadableModel & Pick<OpenedModel, "tokenizer">;
  recipe: Recipe;
  task?: TrainedTask;
  labelNames: readonly string[];
  train: EncodedDataset;
  validation: EncodedDataset;
  pretrainTexts?: EncodedRows;
  earlier?: EarlierData;
  earlierCorpus?: { train: EncodedRows; validation: EncodedRows };
  maxSteps?: number;
  /** Bytes beyond which the system ends the page (`mostDeviceBytes`); none where not given. */
  mostBytes?: number | undefined;
}

/**
 * The memory that the run is estimated to take on the device, and how its steps are made to fit: from the sizes of the
 * model and the very batches that the seed will make, for the running backend. Nothing is read and nothing computed.
 * Throws a Problem where the system would end the page for it, in the smallest parts too.
 */
export async function memoryOf(input: MemoryInput): Promise<MemoryFit> {
  const { run, needed } = plannedRun(input);
  const fit = await fitToMemory(run, needed, runningDevice().largestBinding);
  const { mostBytes = Infinity } = input;
  if (fit.prediction.total > mostBytes) throw tooLargeForPage(fit, mostBytes);
  return fit;
}

const remedies: Record<MemoryChange, string> = {
  checkpointing: "let gradient checkpointing be automatic",
  frozenEmbeddings: "freeze the embeddings",
  lowRank: "train with a LoRA rank of 8",
};

function tooLargeForPage({ prediction, offers }: MemoryFit, mostBytes: number): Problem {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const changes = offers.map(({ change }) => remedies[change]);
  const own = changes.length > 0 ? `To stay below it, ${changes.join(", or ")}; or take` : "Take";
  return new Problem({
    found: `In the smallest parts, too, this run would take ${gigabytes(prediction.total)}.`,
    expected: `At most ${gigabytes(mostBytes)} were expected: iPhones and iPads close a page that takes more.`,
    remedy: `${own} a smaller model, or train on a computer.`,
  });
}

/**
 * Compiles what the run will dispatch on a GPU, all at once and beside JavaScript: a step would wait for its programs one
 * after another, some seconds on Windows. Off the GPU nothing is done.
 *
 * @param fit how the steps of the run were made to fit
 * @param onProgress called where something is compiled, with the programs done so far
 * @param goesOn asked after each program; when it says no, the others are not waited for
 */
export async function compileAhead(
  input: MemoryInput,
  fit: Pick<MemoryFit, "checkpointing" | "mostTokens">,
  onProgress: (done: number, total: number) => void,
  goesOn: () => boolean,
): Promise<void> {
  const gpu = runningDevice();
  if (!(gpu instanceof GpuDevice)) return;
  const { run, needed } = plannedRun(input);
  const programs = await programsOf(run, cutCapacity(needed, fit.mostTokens), fit.checkpointing, gpu);
  await gpu.compile(programs, onProgress, goesOn);
}

function plannedRun(input: MemoryInput): { run: PlannedRun; needed: CapacityNeeded } {
  const { opened, recipe, labelNames, train, validation, earlier, pretrainTexts, maxSteps, mostBytes } = input;
  const { steps } = countSteps(recipe, epochSize(train, recipe).rows, maxSteps);
  const capacity = capacityOf(recipe, steps, train, validation, earlier);
  const pretraining = recipe.pretrainEpochs > 0 ? pretrainingCapacity(input) : null;
  const device: PlannedRun["device"] = runningDevice().kind === "webgpu" ? "webgpu" : "wasm";
  const sets: EncodedRows[] = [train, validation, ...(pretrainTexts ? [pretrainTexts] : [])];
  const earlierSets = earlier ? [earlier.train, earlier.validation] : [];
  const needed = {
    training: { ...capacity, places: 0, microBatches: recipe.accumulate },
    pretraining,
    keepsFeatures: featuresFit(featureRows({ train, validation }), opened.config.hiddenSize),
    earlier: earlierCapacity(input),
    // Rows of an earlier task in each step are outlined beside full batches.
    ...(device === "wasm" && !earlier && { largest: largestSteps(recipe, steps, train, validation, capacity) }),
    batches: { train: batchesOf(train, capacity), validation: batchesOf(validation, capacity) },
    longest: Math.max(...[...sets, ...earlierSets].map(longestOf)),
  };
  const run = {
    device,
    models: (own: Recipe) => loadModels({ ...input, recipe: own }),
    task: input.task ?? defaultTrainedTask,
    recipe,
    labelNames,
    labels: onlyLabels(train),
    ...(mostBytes !== undefined && { mostBytes }),
  };
  return { run, needed };
}

function earlierCapacity({ opened, recipe, earlier, earlierCorpus }: MemoryInput): EarlierCapacity | null {
  if (earlier) {
    const microBatches = recipe.rehearsal > 0 ? new Rehearsal(recipe, rowCount(earlier.train)).rowsOf(0).length : 0;
    return { kind: "rows", classes: earlier.labelNames.length, microBatches };
  }
  if (!earlierCorpus) return null;
  const task = textTaskOf(opened, recipe);
  return { kind: "texts", ...corpusParts({ ...earlierCorpus, task }, recipe).capacity };
}

function pretrainingCapacity({ opened, recipe, train, validation, pretrainTexts, maxSteps }: MemoryInput) {
  const task = textTaskOf(opened, recipe);
  const data = {
    task,
    train: pretrainTexts ?? train,
    heldOut: validation,
    ...(maxSteps !== undefined && { maxSteps }),
  };
  const { rows, steps } = pretrainRows(data, recipe);
  return { ...pretrainCapacity(task, recipe, steps, rows), microBatches: rows.accumulate };
}

/** Batches in which an evaluation reads a set. */
function batchesOf(rows: EncodedRows, capacity: Capacity): number {
  return [
    ...fittingRows(
      rows,
      Int32Array.from({ length: rowCount(rows) }, (_, row) => row),
      capacity,
    ),
  ].length;
}

function longestOf(rows: EncodedRows): number {
  let longest = 1;
  for (let row = 0; row < rowCount(rows); row++) longest = Math.max(longest, lengthOf(rows, row));
  return longest;
}
