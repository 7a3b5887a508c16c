import type { Uncertainty } from "../metrics/uncertainty.ts";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "../data/batches.ts";
import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import type { LabelValues, RowLabels } from "../data/row-labels.ts";
import { textLimitOf, wordLimit, type TextLimit } from "../data/text-limit.ts";
import type { Word } from "../data/text-words.ts";
import type { Texts } from "../io/text-column.ts";
import type { Thresholds } from "../metrics/decision.ts";
import type { Outcomes } from "../metrics/outcomes.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** What every task's report says; all else is read by the task's metrics and its own panels. */
export interface AnyReport {
  rows: number;
}

/** What a task keeps of the outputs of each row, beside the report: typed arrays that workers send each other. */
export type AnyScores = object;

/** A number of a report by which models are compared. */
export interface Metric<R extends AnyReport = AnyReport> {
  /** Its name in recipes and events, e.g. "macroF1". */
  key: string;
  /** As a title: "Macro F1". */
  label: string;
  /** Within a sentence and as the head of a column: "macro F1". */
  name: string;
  /** As the name of a chart's axis, where `name` does not say enough: "loss (natural log)". */
  axis?: string;
  better: "higher" | "lower";
  /** How it is written: a share in percent, a score in decimals up to 1, a loss in significant figures. */
  kind: "share" | "score" | "loss";
  /** Decimals in progress lines; 4 where not given. */
  decimals?: number;
  /** Charts, progress lines and model cards lead with it, as with the first; all others are in reports and tables. */
  leads?: true;
  /** What the Hugging Face Hub calls it, e.g. "f1". */
  hubName: string;
  of(this: void, report: R): number;
}

/**
 * The loss by which a linear model on vectors is fitted to the task, in float64 and in main memory: the sum over rows of
 * these outputs [rows · width]; its gradient is written into `gradient`, of the same shape.
 *
 * @param labels of the rows, laid end to end
 */
export type LinearLoss = (outputs: Float64Array, labels: ArrayLike<number>, gradient: Float64Array) => number;

/** What everybody reads of a task, the page included: plain data without tfjs. Listed in `registry.ts`. */
export interface Task<R extends AnyReport = AnyReport> {
  /** Its name in events and options, e.g. "single-label". */
  name: string;
  /** What it makes of the label column, e.g. "each value of the label column is a class"; of texts without labels, what it asks. */
  targets: string;
  /** What it calls its rows, e.g. "texts". */
  rows: string;
  /** What its head is, e.g. "classifier". */
  head: string;
  /** What its outputs are of, where not of whole texts. */
  asks?: "words";
  /** How the Hugging Face Hub and transformers' pipelines call it; "text-classification" where not given. */
  pipeline?: string;
  /** What makes scores of its outputs, as those pipelines call it; softmax where not given. */
  scoredBy?: "sigmoid" | "none";
  /** Its metrics in the order in which they are shown; those of the recipe's "Best by" are these. */
  metrics: readonly [Metric<R>, ...Metric<R>[]];
  /** The metric that follows the training loss: it steers the plateau schedule and decides between equal evaluations. */
  loss: Metric<R>;
  /** How a head's outputs differ from those of rows that mean the same, as a clause; null where they mean something else. */
  otherSpelling?(this: void, own: readonly string[], labelNames: readonly string[]): string | null;
  /** Set where a linear model on a text's vector is a fair baseline of the task; such a task alone has a baseline. */
  linearLoss?: LinearLoss;
}

/** What the model says of one text, in the task's own form: plain data, which workers send each other. */
export type AnyPrediction = object;

/** Scores rows as their outputs come, a few at a time, so that those of all rows are never held at once. */
export interface Scorer<R extends AnyReport = AnyReport, S extends AnyScores = AnyScores> {
  /** Adds the outputs of the next rows, row-major [some rows, width of the head]. */
  add(outputs: Float32Array): void;
  /** @throws RangeError when rows are missing */
  report(): R;
  /** @throws RangeError when rows are missing */
  scores(): S;
}

/** Texts that were scored, and what they were labelled with. */
interface AskedTexts {
  data: EncodedDataset;
  /** Their places. */
  texts: Int32Array;
  /** Their labels, or those of their words, in the order of `texts`. */
  truth: RowLabels;
}

/** What a model says of the labels that rows were given. */
export interface GivenLabels {
  /** How probable it holds a row's label; of several labels or words the mean [rows]. */
  probabilities: Float32Array;
  /** 1 for rows of which it would predict the label, or all of them [rows]. */
  isRight: Uint8Array;
}

/** Columns that a task adds to the rows of predictions.csv, and their cells in a row. */
export interface PredictionColumns {
  header: readonly string[];
  cellsOf: (row: number) => (string | number)[];
}

/** What the outputs of a batch are compared with. */
export interface Targets {
  /** The labels of each row, or of each hidden token [B · width]. */
  labels: LabelValues;
  /** The same on the device, int32 or float32; on webgpu as long as for the run's largest batch. */
  onDevice: Tensor;
}

/** The loss of a task, with its tensors on the running backend. Whoever makes one disposes it. */
export interface Loss {
  /** Weight of a batch in the mean over a step: the sum of the weights of its labels. */
  weightOf: (labels: LabelValues) => number;
  /**
   * loss [1]: the batch's share of the step's mean, and dLogits, its gradient, of the shape of `logits`.
   *
   * @param denominator what the step divides by: `weightOf` of all its batches together
   */
  of: (logits: Tensor, targets: Targets, denominator: number) => { loss: Tensor; dLogits: Tensor };
  /** R-Drop: how far two outputs of the same batch are apart, times `scale`, and the gradients of both. */
  apart: (
    first: Tensor,
    second: Tensor,
    targets: Targets,
    scale: number,
  ) => { loss: Tensor; dFirst: Tensor; dSecond: Tensor };
  dispose: () => void;
}

/** How rows are scored: by their outputs, or by their mean loss alone, where outputs are too wide to be read. */
type Scoring<R extends AnyReport = AnyReport, S extends AnyScores = AnyScores> =
  | {
      reads: "outputs";
      /**
       * @param truth labels of each row
       * @param keeps whether what is said of each row is wanted too, beside the report
       */
      scorer: (truth: RowLabels, labelNames: readonly string[], keeps: boolean) => Scorer<R, S>;
    }
  | {
      /** Outputs of the words of texts, at their first tokens, in the order of the encoded rows. */
      reads: "words";
      /** @param texts those that are scored, by their place */
      scorer: (data: EncodedDataset, texts: Int32Array, labelNames: readonly string[]) => Scorer<R, S>;
    }
  | { reads: "loss"; report: (loss: { mean: number; labels: number; rows: number }) => R };

/** What decides the loss of a run: the labels that it trains on. */
type TrainedRows = RowLabels & Pick<EncodedDataset, "task"> & { labelNames: readonly string[] };

/** A task as the training loop uses it. */
export interface LearnedTask<R extends AnyReport = AnyReport, S extends AnyScores = AnyScores> extends Task<R> {
  /** Width of the head. */
  outputs: (labelNames: readonly string[]) => number;
  /** The loss that a run trains with. Throws a Problem where the recipe does not fit the rows. */
  lossOf: (rows: TrainedRows, recipe: Recipe) => Loss;
  /** The loss that is reported, without any method of training. */
  plainLoss: (labelNames: readonly string[]) => Loss;
  /** Labels drawn from the model's own outputs, row-major [rows, `width`]; `random` is in [0, 1). */
  drawnLabels: (outputs: Float32Array, width: number, random: () => number) => LabelValues;
  /**
   * Some rows with their labels.
   *
   * @param round the epoch; `LOOKED_AT` for rows that are not trained on, which are the same each time
   */
  batchOf: (data: EncodedDataset, rows: Int32Array, round: number) => Batch;
  scoring: Scoring<R, S>;
  /**
   * What outputs of texts, or of the places of their words, say of the labels that these were given; not given where
   * labels have no probability.
   */
  givenLabels?(this: void, asked: AskedTexts, outputs: Float32Array, labelNames: readonly string[]): GivenLabels;
}

/** The round of rows that are only looked at. */
export const LOOKED_AT = -1;

/** A task that learns from texts without labels, by what it hides of them. */
export interface TextTask<R extends AnyReport = AnyReport> extends LearnedTask<R> {
  /** The texts that have something to hide. */
  usable: (texts: EncodedRows) => EncodedDataset;
  /** The largest number of tokens that may be hidden in a text; each has a row of outputs of its own. */
  placesOf: (texts: EncodedRows, row: number) => number;
  /** What it calls the tokens that it hides, e.g. "masked tokens". */
  hidden: string;
  /** What a person can do so that fewer are hidden in a text, as the beginning of a sentence. */
  hideFewer: string;
}

/** Predictions of texts in the files of the command line. */
export interface PrintedPredictions<P extends AnyPrediction = AnyPrediction> {
  /** What is printed of a text, as JSON. */
  line(this: void, prediction: P, labelNames: readonly string[]): Record<string, unknown>;
  /** What is printed of a row of a table, as JSON; of a row without a text the same with nothing in it. */
  json(this: void, prediction: P | null, labelNames: readonly string[]): Record<string, unknown>;
  /** Columns of a CSV file after the texts, and their cells in a row; of a row without a text nothing is predicted. */
  header: (labelNames: readonly string[]) => string[];
  cells(this: void, prediction: P | null, labelNames: readonly string[]): (string | number)[];
}

/** Reports of draws of the same rows. */
export interface Redrawn<R extends AnyReport = AnyReport> {
  rows: number;
  /** Numbers looked at for each row of a draw. */
  width: number;
  reportOf: (times: Int32Array) => R;
}

/** How scored rows came out. */
export interface RowOutcomes {
  outcomes: Outcomes;
  /** The names of what a row is labelled with; none where labels are numbers. */
  labelsOf: (row: number) => readonly string[];
  /** The names of what is predicted of it. */
  predictedOf: (row: number) => readonly string[];
  /** Whether a row has any number of names; one where not given. */
  several?: true;
  /** Labels and predictions where they are numbers [rows]. */
  numbers?: { truth: Float64Array; predicted: Float64Array };
  /** The loss of each row [rows]: of numbers the squared error, of words the mean over those of a text, 0 of none. */
  losses: Float64Array;
}

/** Rows that were scored: their labels, what was said of each, and the report. */
export interface ScoredRows<R extends AnyReport = AnyReport, S extends AnyScores = AnyScores> {
  truth: RowLabels;
  scores: S;
  report: R;
}

/** A class or label whose threshold is looked at. */
export interface DecidedLabel {
  thresholds: Thresholds;
  label: number;
  /** What the logits of the scores are still to be divided by; 1 where they were. */
  temperature: number;
}

/** What a class or label is of each row [rows each]. */
export interface Claims {
  /** 1 for rows that have it. */
  truth: Uint8Array;
  /** 1 for rows that are predicted to have it. */
  predicted: Uint8Array;
  /** The highest threshold with which it is predicted. */
  claims: Float64Array;
}

/** How predictions follow from probabilities: by thresholds, which a person can set. */
interface Decision<
  R extends AnyReport = AnyReport,
  S extends AnyScores = AnyScores,
  P extends AnyPrediction = AnyPrediction,
> {
  thresholds: (labelNames: readonly string[]) => Thresholds;
  /** The task with thresholds that were set by hand. */
  at: (thresholds: Thresholds) => TrainedTask<R, S, P>;
  /** What logits are divided by before probabilities are compared with thresholds; 1 where they are not. */
  temperature: number;
  /**
   * Scored rows as the thresholds of this task decide them; null where they have to be scored again, as not all
   * probabilities were kept.
   *
   * @param temperature what the logits of the scores are still to be divided by; 1 where they were
   */
  again(
    this: void,
    scored: ScoredRows<R, S>,
    labelNames: readonly string[],
    temperature: number,
  ): Pick<ScoredRows<R, S>, "scores" | "report"> | null;
  /** What follows from the threshold of a class or label for scored rows; null where not all probabilities were kept. */
  claims(this: void, truth: RowLabels, scores: S, decided: DecidedLabel): Claims | null;
}

/** A task as runs, files and command line use it. Listed in `trained-tasks.ts`. */
export interface TrainedTask<
  R extends AnyReport = AnyReport,
  S extends AnyScores = AnyScores,
  P extends AnyPrediction = AnyPrediction,
> extends LearnedTask<R, S> {
  /** The task with what it knows of the rows that are trained on; itself where it knows nothing. */
  forRows?(this: void, rows: TrainedRows, recipe: Recipe): TrainedTask<R, S, P>;
  /** The task as the config.json of a model that it trained says; itself where that says nothing. */
  ofConfig?(this: void, config: unknown, labelNames: readonly string[]): TrainedTask<R, S, P>;
  /** What is looked for on the training rows after the training. */
  tuning?: {
    isWanted: (recipe: Recipe) => boolean;
    /** The task with what was found. */
    of(this: void, truth: RowLabels, scores: S): TrainedTask<R, S, P>;
  };
  /** What is found on the validation rows after the training, for all that is predicted from then on. */
  calibration?: {
    isWanted: (recipe: Recipe) => boolean;
    /** The task with what was found; null where nothing can be found. */
    of(this: void, truth: RowLabels, scores: S, labelNames: readonly string[]): TrainedTask<R, S, P> | null;
  };
  /** How it predicts by thresholds; given where a person can set them. */
  decision?: Decision<R, S, P>;
  /** What the exported model gives: outputs of training times `scale` plus `shift`, by its head's weights; the same where not given. */
  exported?: { scale: number; shift: number };
  /** What outputs, row-major [rows, width of the head], say of each row. */
  predictionsOf: (outputs: Float32Array, labelNames: readonly string[]) => P[];
  /** What is predicted, in words, and how unsure that is; nothing where predictions have no probabilities. */
  uncertaintyOf?(this: void, prediction: P): Uncertainty & { predicted: string };
  /** Reads a cell of texts to predict, which may be a list of words; given where words are asked. */
  readText?(this: void, cell: string): { text: string; words: readonly Word[] | null };
  /** What the scores of the words of texts say of each text; given where words are asked, in place of `predictionsOf`. */
  predictWords?(this: void, texts: Texts, words: RowLabels, scores: S, labelNames: readonly string[]): P[];
  printed: PrintedPredictions<P>;
  /** @param truth labels of each row */
  predictionColumns(this: void, truth: RowLabels, scores: S, labelNames: readonly string[]): PredictionColumns;
  /** The report as a file holds it. */
  filed(this: void, report: R): R;
  /** Further figures in report.json, which need what was said of each row; none where not given. */
  filedRows?(this: void, truth: RowLabels, scores: S): Record<string, unknown>;
  /**
   * What gives the report of any draw of the rows, by how often each is in it [rows], for intervals of the task's metrics:
   * it has what these read, in a time that does not grow with what rows are made of. No intervals where not given, or null.
   */
  redrawn?(this: void, truth: RowLabels, scores: S, labelNames: readonly string[]): Redrawn<R> | null;
  /** Some of the scored rows, in this order, as if they alone had been scored; `rows` are places among them. Rows can be selected where given. */
  pickedRows?(
    this: void,
    truth: RowLabels,
    scores: S,
    rows: Int32Array,
    labelNames: readonly string[],
  ): ScoredRows<R, S>;
  /** How each row came out and what it is labelled with, by which slices of the rows are cut. */
  rowOutcomes?(this: void, truth: RowLabels, scores: S, labelNames: readonly string[]): RowOutcomes;
  /** Whether what was said of each row is right; given where an answer is right or wrong as a whole. */
  rightRows?(this: void, truth: RowLabels, scores: S): boolean[];
  /** `task_type` of PEFT's adapter_config.json, which decides what PEFT saves beside LoRA's matrices. */
  adapterType: string;
  /** What config.json says of the head: problem type, number and names of its outputs. */
  config: (labelNames: readonly string[]) => Record<string, unknown>;
  /** What it states in the field `tabtune` of config.json, for `ofConfig`; nothing where not given. */
  tabtuneConfig?: (labelNames: readonly string[]) => Record<string, unknown>;
  /** Its part of a model card, in Markdown. */
  card: {
    /** What its models are measured by, as the Hugging Face Hub calls it. */
    metrics: readonly string[];
    /** What the model is, e.g. "text classifier". */
    noun: string;
    /** One sentence on what it says of a text. */
    outputs: (labelNames: readonly string[]) => string;
    results(this: void, report: R, labelNames: readonly string[]): string;
    /** How it predicts where transformers would predict otherwise, and the lines of Python that do the same. */
    decision?: (labelNames: readonly string[]) => { words: string; python: readonly string[] };
  };
}

/** How a task reads long texts: as the limit says, unless every word is asked. */
export function limitOf({ asks }: Pick<Task, "asks">, limit: TextLimit): TextLimit {
  return asks === "words" ? wordLimit(limit) : textLimitOf(limit);
}

/** How the Hugging Face Hub and transformers' pipelines call a task. */
export const pipelineOf = ({ pipeline = "text-classification" }: Pick<Task, "pipeline">) => pipeline;

/** The metrics that charts and progress lines lead with. */
export function leadingMetrics({ metrics: [first, ...others] }: Task): [Metric, ...Metric[]] {
  return [first, ...others.filter(({ leads }) => leads)];
}

/** The metric of this key; throws where the task has none. */
export function metricOf<R extends AnyReport>(task: Task<R>, key: string): Metric<R> {
  const metric = task.metrics.find((one) => one.key === key);
  if (!metric) throw new Error(`The task “${task.name}” has no metric “${key}”.`);
  return metric;
}

/** A metric's value turned so that more is better. */
export function scoreOf<R extends AnyReport>({ better, of }: Metric<R>, report: R): number {
  return better === "lower" ? -of(report) : of(report);
}
