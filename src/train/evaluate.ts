import type { Tensor } from "@tensorflow/tfjs-core";
import { fittingRows, gatherBatch, wordsIn } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { rowsOfTexts, textLabels, WindowMeans } from "../data/windows.ts";
import { takeLabels } from "../data/row-labels.ts";
import { runningDevice } from "../gpu/running.ts";
import { disposeBatch, uploadBatch, type Capacity, type DeviceBatch } from "../ops/device-batch.ts";
import { LOOKED_AT, type AnyReport, type AnyScores, type LearnedTask, type Scorer } from "../tasks/task.ts";
import { meanLoss } from "./mean-loss.ts";
import { ScoredReader } from "./scored-reader.ts";
import type { Trainable } from "./trainable.ts";

/**
 * Logits [texts · classes] of some texts, in their order, without dropout; the mean over its windows where a text has
 * several. `keepsGoing` is asked between batches; when it says no, null comes back.
 */
export async function logitsOf<Pass>(
  model: Trainable<Pass>,
  data: EncodedDataset,
  texts: Int32Array,
  classes: number,
  capacity: Capacity,
  keepsGoing: (done: number) => boolean = () => true,
): Promise<Float32Array | null> {
  const logits = new Float32Array(texts.length * classes);
  const means = new WindowMeans(data, texts, classes);
  let at = 0;
  for await (const values of inferred(model, data, texts, capacity)) {
    const ofTexts = means.add(values);
    logits.set(ofTexts, at);
    at += ofTexts.length;
    if (at < logits.length && !keepsGoing(at / classes)) return null;
  }
  return logits;
}

/** What `scoreRows` scores, and how much it keeps. */
interface ScoredPart<R extends AnyReport> {
  task: LearnedTask<R>;
  data: EncodedDataset;
  /** Places of the texts; of encoded rows where the task is scored by its loss, which knows no texts. */
  rows: Int32Array;
  labelNames: readonly string[];
  /** Whether what is said of each row is wanted too, beside the report. */
  keeps: boolean;
  /** What a batch may have, where that is less than its capacity. */
  most?: BatchLimit | undefined;
}

/** Tokens and rows of a batch, at most. */
export interface BatchLimit {
  tokens: number;
  rows: number;
}

/** Rows scored; `scores` is what is said of each row, null where the report is of their loss alone. */
interface Scored<R extends AnyReport> {
  report: R;
  scores: AnyScores | null;
}

/**
 * Scores texts with their labels without dropout, a few batches at a time; a text of several windows by the mean of their
 * outputs. `keepsGoing` is asked between batches; when it
 * says no, null comes back.
 */
export async function scoreRows<Pass, R extends AnyReport>(
  model: Trainable<Pass>,
  { task, data, rows, labelNames, keeps, most }: ScoredPart<R>,
  capacity: Capacity,
  keepsGoing: (done: number) => boolean = () => true,
): Promise<Scored<R> | null> {
  const { scoring } = task;
  if (scoring.reads === "loss") {
    const batches = Array.from(fittingRows(data, rows, most ?? capacity), (some) =>
      task.batchOf(data, some, LOOKED_AT),
    );
    const loss = task.plainLoss(labelNames);
    const scored = await meanLoss(model, loss, batches, capacity, keepsGoing).finally(() => loss.dispose());
    return scored && { report: scoring.report({ ...scored, rows: rows.length }), scores: null };
  }
  const width = task.outputs(labelNames);
  if (scoring.reads === "words") {
    const scorer = scoring.scorer(data, rows, labelNames);
    return scoreWords(model, { scorer, width, data, texts: rows }, capacity, keepsGoing);
  }
  const scorer = scoring.scorer(takeLabels(textLabels(data), rows), labelNames, keeps);
  const means = new WindowMeans(data, rows, width);
  let done = 0;
  for await (const values of inferred(model, data, rows, capacity)) {
    const ofTexts = means.add(values);
    scorer.add(ofTexts);
    done += ofTexts.length / width;
    if (done < rows.length && !keepsGoing(done)) return null;
  }
  return { report: scorer.report(), scores: scorer.scores() };
}

/** The same by the outputs of the words of texts; `keepsGoing` gets the share of the words in texts. */
async function scoreWords<Pass, R extends AnyReport>(
  model: Trainable<Pass>,
  { scorer, width, data, texts }: { scorer: Scorer<R>; width: number; data: EncodedDataset; texts: Int32Array },
  capacity: Capacity,
  keepsGoing: (done: number) => boolean,
): Promise<Scored<R> | null> {
  const words = wordsIn(data, rowsOfTexts(data, texts));
  let done = 0;
  for await (const values of inferred(model, data, texts, capacity)) {
    scorer.add(values);
    done += values.length / width;
    if (done < words && !keepsGoing(Math.floor((texts.length * done) / words))) return null;
  }
  return { report: scorer.report(), scores: scorer.scores() };
}

/** The model's outputs of all encoded rows of some texts, as they come. */
function inferred<Pass>(model: Trainable<Pass>, data: EncodedDataset, texts: Int32Array, capacity: Capacity) {
  return outputsOf(model, (batch) => model.infer(batch), data, rowsOfTexts(data, texts), capacity);
}

/**
 * What `compute` [B, width] gives of some encoded rows, or of their words, in their order: as plain numbers, a batch at a time. On a GPU
 * they come one bunch of batches behind.
 */
export async function* outputsOf<Pass>(
  { tables }: Pick<Trainable<Pass>, "tables">,
  compute: (batch: DeviceBatch) => Tensor,
  data: EncodedDataset,
  rows: Int32Array,
  capacity: Capacity,
): AsyncGenerator<Float32Array> {
  const reader = new ScoredReader();
  const valuesOf = (read: Awaited<ReturnType<ScoredReader["rest"]>>) =>
    read.map(({ step, numbers }) => numbers.subarray(0, step.rows * (step.output.shape[1] ?? 0)));
  try {
    for (const some of fittingRows(data, rows, capacity)) {
      runningDevice().orderFreeBuffers();
      const batch = uploadBatch(gatherBatch(data, some), capacity, tables, "inference");
      const output = compute(batch);
      disposeBatch(batch);
      yield* valuesOf(await reader.add({ output, rows: data.wordOf ? wordsIn(data, some) : some.length }));
    }
    yield* valuesOf(await reader.rest());
  } finally {
    // Whoever stops early leaves outputs unread, which are disposed when they are.
    await reader.rest();
  }
}
