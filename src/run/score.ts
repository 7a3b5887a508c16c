import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import { allTexts } from "../data/take-texts.ts";
import { labelled, textCount } from "../data/windows.ts";
import type { Classifier } from "../model/classifier.ts";
import { Problem } from "../problem/problem.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { Word } from "../data/text-words.ts";
import { askWords } from "../data/word-tokens.ts";
import type { Texts } from "../io/text-column.ts";
import type { AnyPrediction, AnyReport, AnyScores, Scorer, TrainedTask } from "../tasks/task.ts";
import { continuesWord } from "../tokenize/subwords.ts";
import type { TokenizerFiles } from "../tokenize/tokenizer.ts";
import { logitsOf, scoreRows } from "../train/evaluate.ts";

const ROWS_AT_ONCE = 64;
const TOKENS_AT_ONCE = 1024;

/**
 * What scoring these rows takes at once: a power of two, so that texts of many lengths, one after another, share
 * buffers.
 */
export function capacityOf(rows: EncodedRows): Capacity {
  const count = rows.rowStart.length - 1;
  let longest = 1;
  for (let row = 0; row < count; row++) {
    longest = Math.max(longest, (rows.rowStart[row + 1] ?? 0) - (rows.rowStart[row] ?? 0));
  }
  const wanted = Math.max(longest, Math.min(rows.ids.length, TOKENS_AT_ONCE));
  return { tokens: 2 ** Math.ceil(Math.log2(Math.max(64, wanted))), rows: ROWS_AT_ONCE };
}

/** Texts of which predictions are wanted. */
export interface AskedTexts {
  texts: Texts;
  /** The words of texts that came in words, where the task asks words; null of other texts. */
  words?: readonly (readonly Word[] | null)[] | undefined;
  /** The same encoded, with spans where the task asks words. */
  rows: EncodedRows;
  /** By which they were encoded. */
  tokenizer: TokenizerFiles;
}

/** Predictions of some texts, by the model of a task. */
export async function predictTexts(
  model: Classifier,
  task: TrainedTask,
  { texts, words, rows, tokenizer }: AskedTexts,
  labelNames: readonly string[],
): Promise<AnyPrediction[]> {
  const { spans } = rows;
  if (!task.predictWords || !spans) {
    return task.predictionsOf(await score(model, rows, task.outputs(labelNames)), labelNames);
  }
  const data = askWords({ ...rows, spans }, { texts, words }, continuesWord(tokenizer));
  const { scores } = await scoreLabelled(model, task, data, labelNames);
  return task.predictWords(texts, data.ofWords, scores, labelNames);
}

/** Logits [texts · classes] of encoded texts. */
export async function score(
  model: Classifier,
  rows: EncodedRows,
  classes: number,
  onProgress?: (done: number) => void,
): Promise<Float32Array> {
  const data = labelled(rows, { labels: new Int32Array(textCount(rows)) });
  const logits = await logitsOf(model, data, allTexts(rows), classes, capacityOf(rows), (done) => {
    onProgress?.(done);
    return true;
  });
  return logits ?? new Float32Array(0);
}

/** Labelled rows scored, in memory that grows with rows and classes, not with both multiplied. */
export async function scoreLabelled(
  model: Classifier,
  task: TrainedTask,
  data: EncodedDataset,
  labelNames: readonly string[],
  onProgress?: (done: number) => void,
): Promise<{ report: AnyReport; scores: AnyScores }> {
  const part = { task, data, rows: allTexts(data), labelNames, keeps: true };
  const scored = await scoreRows(model, part, capacityOf(data), (done) => {
    onProgress?.(done);
    return true;
  });
  if (!scored?.scores) throw new Error("The rows were not scored one by one.");
  return { report: scored.report, scores: scored.scores };
}

/** The task, and the outputs that its scorer is given, in the units of the data: those of rows, or of places of words. */
export function recorded(task: TrainedTask): { task: TrainedTask; outputs: () => Float32Array } {
  const parts: Float32Array[] = [];
  const { scale, shift } = task.exported ?? { scale: 1, shift: 0 };
  const recording = <Scores extends AnyScores>(scorer: Scorer<AnyReport, Scores>): Scorer<AnyReport, Scores> => ({
    add(outputs) {
      parts.push(outputs.map((output) => output * scale + shift));
      scorer.add(outputs);
    },
    report: () => scorer.report(),
    scores: () => scorer.scores(),
  });
  const { scoring } = task;
  if (scoring.reads === "loss") throw new Error(`The task “${task.name}” scores no outputs.`);
  const own: TrainedTask["scoring"] =
    scoring.reads === "words"
      ? { reads: "words", scorer: (...given) => recording(scoring.scorer(...given)) }
      : { reads: "outputs", scorer: (...given) => recording(scoring.scorer(...given)) };
  return { task: { ...task, scoring: own }, outputs: () => laidEndToEnd(parts) };
}

function laidEndToEnd(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Throws a Problem when rows of `maxLength` tokens go beyond the model's positions. */
export function checkMaxLength(maxLength: number, maxPositions: number): void {
  if (maxLength <= maxPositions) return;
  throw new Problem({
    found: `The recipe's max length is ${maxLength} tokens.`,
    expected: `This model has ${maxPositions} positions.`,
    remedy: `Set max length to ${maxPositions} or less.`,
  });
}
