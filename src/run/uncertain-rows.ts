import type { EncodedRows } from "../data/rows.ts";
import { labelled, textCount } from "../data/windows.ts";
import { farApart, mostUncertain } from "../metrics/uncertainty.ts";
import type { Classifier } from "../model/classifier.ts";
import { Problem } from "../problem/problem.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { logitsOf } from "../train/evaluate.ts";
import { capacityOf } from "./score.ts";
import { textVectors } from "./text-vectors.ts";

/** By what rows are ordered: margin, entropy, or the margin and then a batch of rows that are far from each other. */
export const rankings = ["margin", "entropy", "diverse"] as const;
export type Ranking = (typeof rankings)[number];

/** What a model says of rows without a label, and in which order labels would help most. */
export interface RankedRows {
  /** Places of the rows, the most useful label first [rows]. */
  order: Int32Array;
  /** How unsure the model is of each row, from 0 to 1 [rows]; NaN where it was not asked before the end. */
  scores: Float32Array;
  /** What it predicts of each row; "" where it was not asked. */
  predicted: string[];
  /** Probability of that. */
  confidence: Float32Array;
}

export interface RankOptions {
  by: Ranking;
  /** Rows that are labelled before the model is trained again: so many are chosen far from each other. */
  batch: number;
  /** Called with the number of rows that were asked; on false the rest is not asked. */
  onProgress?: (done: number) => boolean;
}

const TEXTS_AT_ONCE = 512;
/** The diverse batch is chosen among this many times as many rows, the most uncertain ones. */
const CANDIDATES = 10;

/**
 * Asks a model of rows without a label, and orders them by how unsure it is.
 *
 * @throws {Problem} where the task's predictions have no probabilities
 */
export async function rankUncertain(
  model: Classifier,
  task: TrainedTask,
  rows: EncodedRows,
  labelNames: readonly string[],
  { by, batch, onProgress = () => true }: RankOptions,
): Promise<RankedRows> {
  const { uncertaintyOf } = task;
  if (!uncertaintyOf) {
    throw new Problem({
      found: `Models of the task ${task.name} do not say how sure they are.`,
      expected: "Rows are ordered by the probabilities of classes or labels.",
      remedy: "Label rows in any order, or sort them by a column.",
    });
  }
  const count = textCount(rows);
  const data = labelled(rows, { labels: new Int32Array(count) });
  const capacity = capacityOf(rows);
  const scores = new Float32Array(count).fill(NaN);
  const confidence = new Float32Array(count).fill(NaN);
  const predicted = new Array<string>(count).fill("");
  for (let start = 0; start < count; start += TEXTS_AT_ONCE) {
    const texts = Int32Array.from({ length: Math.min(TEXTS_AT_ONCE, count - start) }, (_, i) => start + i);
    const logits = await logitsOf(model, data, texts, task.outputs(labelNames), capacity);
    if (!logits) break;
    task.predictionsOf(logits, labelNames).forEach((prediction, i) => {
      const found = uncertaintyOf(prediction);
      scores[start + i] = by === "entropy" ? found.entropy : found.margin;
      confidence[start + i] = found.confidence;
      predicted[start + i] = found.predicted;
    });
    if (!onProgress(start + texts.length)) break;
  }
  let order = mostUncertain(scores);
  if (by === "diverse") {
    const candidates = order.slice(0, CANDIDATES * batch).filter((row) => !Number.isNaN(scores[row]));
    const { values, width } = await textVectors(model, task, rows, candidates);
    const first = Int32Array.from(farApart(values, width, batch), (place) => candidates[place] ?? 0);
    const chosen = new Set(first);
    order = Int32Array.from([...first, ...order.filter((row) => !chosen.has(row))]);
  }
  return { order, scores, predicted, confidence };
}
