import type { Tensor } from "@tensorflow/tfjs-core";
import { fittingRows, gatherBatch } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import type { RowScores } from "../metrics/row-scores.ts";
import { runningDevice } from "../gpu/running.ts";
import { disposeBatch, uploadBatch, type Capacity, type DeviceBatch } from "../ops/device-batch.ts";
import { LOOKED_AT, type AnyReport, type LearnedTask } from "../tasks/task.ts";
import { meanLoss } from "./mean-loss.ts";
import { ScoredReader } from "./scored-reader.ts";
import type { Trainable } from "./trainable.ts";

/**
 * Logits [rows · classes] of some rows, in their order, without dropout. `keepsGoing` is asked between batches; when
 * it says no, null comes back.
 */
export async function logitsOf<Pass>(
  model: Trainable<Pass>,
  data: EncodedDataset,
  rows: Int32Array,
  classes: number,
  capacity: Capacity,
  keepsGoing: (done: number) => boolean = () => true,
): Promise<Float32Array | null> {
  const logits = new Float32Array(rows.length * classes);
  let at = 0;
  for await (const values of outputsOf(model, (batch) => model.infer(batch), data, rows, capacity)) {
    logits.set(values, at);
    at += values.length;
    if (at < logits.length && !keepsGoing(at / classes)) return null;
  }
  return logits;
}

/** What `scoreRows` scores, and how much it keeps. */
interface ScoredPart<R extends AnyReport> {
  task: LearnedTask<R>;
  data: EncodedDataset;
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
  scores: RowScores | null;
}

/**
 * Scores rows with their labels without dropout, a few batches at a time. `keepsGoing` is asked between batches; when it
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
  const labels = rows.map((row) => data.labels[row] ?? -1);
  const scorer = scoring.scorer(labels, labelNames, keeps);
  let done = 0;
  for await (const values of outputsOf(model, (batch) => model.infer(batch), data, rows, capacity)) {
    scorer.add(values);
    done += values.length / task.outputs(labelNames);
    if (done < rows.length && !keepsGoing(done)) return null;
  }
  return { report: scorer.report(), scores: scorer.scores() };
}

/**
 * What `compute` [B, width] gives of some rows, in their order: row by row as plain numbers, a batch at a time. On a GPU
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
      yield* valuesOf(await reader.add({ output, rows: some.length }));
    }
    yield* valuesOf(await reader.rest());
  } finally {
    // Whoever stops early leaves outputs unread, which are disposed when they are.
    await reader.rest();
  }
}
