import type { Word } from "../../data/text-words.ts";
import type { Attribution, AttributionMethod } from "../../insight/attribution.ts";
import type { Classifier } from "../../model/classifier.ts";
import { TokenVectors } from "./token-vectors.ts";
import { Problem } from "../../problem/problem.ts";
import type { TrainedTask } from "../../tasks/task.ts";
import { capacityOf } from "../score.ts";
import { byGradients } from "./by-gradients.ts";
import { askedWords, explainedRows, type ExplainedRow, type ExplainedText } from "./explained-rows.ts";
import { leftOut } from "./left-out.ts";
import { Passes } from "./passes.ts";

export interface ExplainOptions {
  method: AttributionMethod;
  /** Name of the output; the predicted one where not given. */
  label?: string | undefined;
  /** A code point of the word that is asked, where words have outputs of their own. */
  at?: number | undefined;
  /** The number of points that integrated gradients begin with; pieces of the path are halved until the sum is complete. */
  steps?: number | undefined;
}

/** Tokens of a batch, unless a row has more. */
const TOKENS_AT_ONCE = 2048;

/**
 * Explains one output of a model for a text: the predicted one, or that of a label. Of a text that is read in windows the
 * output is the mean over them, and so are its contributions.
 *
 * @throws Problem where the label or the word does not exist
 */
export async function explainText(
  model: Classifier,
  task: TrainedTask,
  asked: ExplainedText,
  labelNames: readonly string[],
  options: ExplainOptions,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Attribution> {
  const vectors = new TokenVectors(model, {
    ...capacityOf(asked.rows),
    tokens: Math.max(TOKENS_AT_ONCE, capacityOf(asked.rows).tokens),
  });
  try {
    const passes = new Passes(vectors, task.outputs(labelNames), task.exported ?? { scale: 1, shift: 0 });
    const { rows, output, at } = await chosenOutput(passes, task, asked, labelNames, options);
    const work = { passes, rows, output, asked, onProgress };
    const found =
      options.method === "leave-one-out" ? await leftOut(work) : await byGradients(work, options.method, options.steps);
    return {
      method: options.method,
      texts: asked.texts,
      label: labelNames[output] ?? `output ${output}`,
      ...(at && { at }),
      ...found,
    };
  } finally {
    vectors.dispose();
  }
}

/** The output that is explained, and the rows that it is of. */
async function chosenOutput(
  passes: Passes,
  task: TrainedTask,
  asked: ExplainedText,
  labelNames: readonly string[],
  { label, at }: Pick<ExplainOptions, "label" | "at">,
): Promise<{ rows: ExplainedRow[]; output: number; at?: Word }> {
  const named = label === undefined ? null : outputNamed(label, labelNames);
  const classes = task.outputs(labelNames);
  if (task.asks !== "words") {
    const rows = explainedRows(asked);
    if (named !== null) return { rows, output: named };
    const outputs = await passes.outputsAsTheyAre(rows);
    const means = Array.from({ length: classes }, (_, output) => passes.mean(rows, outputs, output));
    return { rows, output: predictedOutput(task, means, labelNames) };
  }
  const candidates = askedWords(asked);
  const rows = candidates.map(({ row }) => row);
  if (rows.length === 0) throw noWord(asked.texts[0] ?? "", at);
  const outputs = await passes.outputsAsTheyAre(rows);
  const outside = labelNames.indexOf("O");
  const best = candidates.map((_, i) => {
    const own = Array.from(outputs.subarray(i * classes, (i + 1) * classes));
    const inside = own.map((value, output) => (output === outside ? -Infinity : value));
    const predicted = at === undefined ? inside : own;
    const output = named ?? predicted.indexOf(Math.max(...predicted));
    return { output, lead: (own[output] ?? NaN) - (outside >= 0 && output !== outside ? (own[outside] ?? 0) : 0) };
  });
  // Without a word the one that is most surely tagged.
  const chosen =
    at === undefined
      ? best.reduce((most, { lead }, i) => (lead > (best[most]?.lead ?? -Infinity) ? i : most), 0)
      : candidates.findIndex(({ word }) => word.start <= at && at < word.end);
  const found = candidates[chosen];
  if (!found) throw noWord(asked.texts[0] ?? "", at);
  return { rows: [found.row], output: best[chosen]?.output ?? 0, at: found.word };
}

/** The output of what the task predicts, by thresholds where it has some; of several labels, or none, the largest. */
function predictedOutput(task: TrainedTask, outputs: readonly number[], labelNames: readonly string[]): number {
  const [prediction] = task.predictionsOf(Float32Array.from(outputs), labelNames);
  const predicted = prediction && task.uncertaintyOf?.(prediction).predicted;
  const place = predicted === undefined ? -1 : labelNames.indexOf(predicted);
  return place >= 0 ? place : outputs.indexOf(Math.max(...outputs));
}

function outputNamed(label: string, labelNames: readonly string[]): number {
  const place = labelNames.indexOf(label);
  if (place >= 0) return place;
  throw new Problem({
    found: `The model has no label “${label}”.`,
    expected: `Its labels are ${labelNames.slice(0, 20).join(", ")}${labelNames.length > 20 ? ", …" : ""}.`,
    remedy: "Choose one of them, or leave it out to explain what is predicted.",
  });
}

function noWord(text: string, at: number | undefined): Problem {
  return new Problem({
    found: at === undefined ? `The text “${text}” has no word.` : `No word stands at code point ${at}.`,
    expected: `A text with words was expected${at === undefined ? "" : `, and a place from 0 to ${Array.from(text).length - 1} within one`}.`,
    remedy: "Correct the text or the place.",
  });
}
