import type { EncodedRows } from "../data/rows.ts";
import { labelled, rowsOfTexts, textCount, WindowMeans } from "../data/windows.ts";
import type { Classifier } from "../model/classifier.ts";
import type { Task } from "../tasks/task.ts";
import { outputsOf } from "../train/evaluate.ts";
import { capacityOf } from "./score.ts";

/** Vectors of texts, end to end. */
export interface TextVectors {
  /** [texts · width] */
  values: Float32Array;
  width: number;
}

/**
 * What a model makes of texts: what its head reads of each, or of a head that reads words the mean of the last layer;
 * the mean over the windows of a long text.
 *
 * @param rows without places of their tokens
 * @param texts places of the texts
 */
export async function textVectors(
  model: Classifier,
  { asks }: Pick<Task, "asks">,
  rows: EncodedRows,
  texts: Int32Array,
): Promise<TextVectors> {
  const ofWords = asks === "words";
  const width = ofWords ? model.vectorWidth : model.featureWidth;
  const data = labelled(rows, { labels: new Int32Array(textCount(rows)) });
  const values = new Float32Array(texts.length * width);
  const means = new WindowMeans(data, texts, width);
  let at = 0;
  const compute = (batch: Parameters<Classifier["features"]>[0]) =>
    ofWords ? model.meanVectors(batch) : model.features(batch);
  for await (const outputs of outputsOf(model, compute, data, rowsOfTexts(data, texts), capacityOf(rows))) {
    const own = means.add(outputs);
    values.set(own, at);
    at += own.length;
  }
  return { values, width };
}

const TEXTS_AT_ONCE = 512;

/** The same of many texts; `onProgress` gets the number of those that are done, and on false null comes back. */
export async function vectorsOfMany(
  model: Classifier,
  task: Pick<Task, "asks">,
  rows: EncodedRows,
  { texts, onProgress }: { texts: Int32Array; onProgress: (done: number) => boolean },
): Promise<TextVectors | null> {
  let values = new Float32Array(0);
  let width = 0;
  for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
    const some = await textVectors(model, task, rows, texts.subarray(start, start + TEXTS_AT_ONCE));
    if (start === 0) {
      width = some.width;
      values = new Float32Array(texts.length * width);
    }
    values.set(some.values, start * width);
    if (!onProgress(Math.min(texts.length, start + TEXTS_AT_ONCE))) return null;
  }
  return { values, width };
}
