import { takeLabels, type RowLabels } from "../data/row-labels.ts";
import type { EncodedDataset } from "../data/rows.ts";
import type { Fold } from "../data/folds.ts";
import { takeTexts } from "../data/take-texts.ts";
import { labelled, rowsOfTexts } from "../data/windows.ts";
import { wordsIn } from "../data/batches.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import { labelIssues, type LabelIssues } from "../insight/label-issues.ts";
import { correctedInterval, type FoldSummary } from "../metrics/corrected-interval.ts";
import { Problem } from "../problem/problem.ts";
import { metricOf, type AnyReport, type AnyScores, type TrainedTask } from "../tasks/task.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import { RunControl } from "../train/control.ts";
import type { TrainEvent } from "../train/events.ts";
import { checkBaseline } from "./check-baseline.ts";
import { fineTuned } from "./fine-tuned.ts";
import { probedFolds } from "./probed-folds.ts";
import { type FoldResult, type FoldsInput, originalCount, withOwnCopies } from "./fold-result.ts";
import { Run, type RunInput } from "./run.ts";

/** Where a cross-validation is: an event of a fold or of the final model, or a fold that is complete. */
export type FoldsEvent =
  | { type: "event"; of: Pick<Fold, "repeat" | "fold"> | "final"; event: TrainEvent }
  | { type: "fold"; result: FoldResult };

/** Out-of-fold predictions of the first repeat. */
export interface OutOfFold {
  /** Places of the rows that were scored, ascending, and the fold of each. */
  rows: Int32Array;
  foldOf: Int32Array;
  truth: RowLabels;
  report: AnyReport;
  scores: AnyScores;
  /** The task that reads them: thresholds are the mean over the folds where they were tuned. */
  task: TrainedTask;
}

/** A fold's scores, without what they were made of. */
export type FoldScores = Pick<FoldResult, "repeat" | "fold" | "trainRows" | "rows" | "step" | "epoch" | "report">;

/** Scores over the folds, by the key of the metric. */
export interface FoldsSummary {
  each: Record<string, number>[];
  mean: Record<string, number>;
  deviation: Record<string, number>;
  interval: Record<string, [number, number] | null>;
}

/** Rows that the final model, which trains on all, is looked at by during its run. */
const FINAL_SAMPLE = 64;
/** The place of the final model among probes of folds. */
const FINAL = { repeat: 0, fold: 0 };

/**
 * K-fold cross-validation (repeated, where there are repeats) and a final model on all rows: the worker and the command
 * line both hold one. Each fold is a run of its own from the checkpoint, freed before the next; with the effort "quick" it
 * is a probe, and the vectors of all rows are computed once. The final model trains with the same recipe and schedule, and
 * stops at the median of the epochs at which the folds were best, because nothing is held out that could choose one.
 */
export class CrossValidation {
  /** The folds that are complete, in their order. */
  readonly done: FoldResult[] = [];
  /** The final model; null before it is trained. */
  final: Run | null = null;
  readonly task: TrainedTask;
  private readonly all: EncodedDataset;
  /** Control of the final model, which is stopped at its epoch. */
  private finalControl: RunControl | null = null;

  /**
   * Throws a Problem where a fold lacks what its task needs.
   *
   * @param onPaused called once the final model is paused; `control` has its own for the folds
   */
  constructor(
    private readonly input: FoldsInput,
    private readonly control: RunControl,
    private readonly onPaused?: () => void,
  ) {
    this.task = input.task ?? defaultTrainedTask;
    this.all = labelled(input.rows, input.labels);
    if (this.isQuick) checkBaseline(input.recipe, this.task);
  }

  get labelNames(): readonly string[] {
    return this.input.labelNames;
  }

  /** The seed by which rows were laid into folds. */
  get seed(): number {
    return this.input.recipe.seed;
  }

  /** Number of changed copies of all rows, which the final model is trained on too. */
  get copies(): number {
    return this.input.copyOf?.length ?? 0;
  }

  /** Whether the probe alone answers. */
  get isQuick(): boolean {
    return this.input.recipe.effort === "quick";
  }

  /** Whether all folds are complete. */
  get isComplete(): boolean {
    return this.done.length === this.input.folds.length;
  }

  /** Whether there is a final model that was trained, or the probe of all rows. */
  get isFinalTrained(): boolean {
    return this.final !== null && (this.isQuick ? this.final.baseline !== null : this.final.isTrained);
  }

  /** The weights of the final model that count: the last, or the probe. */
  get finalWeights(): "last" | "baseline" {
    return this.isQuick ? "baseline" : "last";
  }

  /** Stops: the folds that are complete stay, and the final model as it is. */
  stop(): void {
    this.control.stop();
    this.finalControl?.stop();
  }

  /** Pauses the fold, or the final model, after its current step. */
  pause(): void {
    this.control.pause();
    this.finalControl?.pause();
  }

  resume(): void {
    this.control.resume();
    this.finalControl?.resume();
  }

  /** Trains and scores fold after fold, then the final model. Throws a Problem where a run diverges. */
  async *events(): AsyncGenerator<FoldsEvent> {
    if (this.isQuick) yield* this.probes();
    else yield* this.runs();
    if (this.control.stops || !this.isComplete || this.isQuick || this.input.foldsAlone) return;
    // A pause that was asked for while the last fold was scored.
    await this.control.unpaused();
    if (this.control.stops) return;
    yield* this.trainFinal();
  }

  private async *probes(): AsyncGenerator<FoldsEvent> {
    const [of = FINAL] = this.input.folds;
    // The final model is a fold of its own here, so that vectors are computed once.
    const final = { ...FINAL, train: this.originals(), held: this.sample() };
    const folds = this.input.foldsAlone ? this.input.folds : [...this.input.folds, final];
    for await (const notice of probedFolds({ ...this.input, folds, task: this.task, all: this.all }, this.control)) {
      if ("type" in notice) yield { type: "event", of, event: notice };
      else if (notice.repeat === FINAL.repeat) yield* this.finalProbe(notice);
      else {
        this.done.push(notice);
        yield { type: "fold", result: notice };
      }
    }
  }

  private async *runs(): AsyncGenerator<FoldsEvent> {
    for (const fold of this.input.folds) {
      const { repeat, fold: place } = fold;
      const run = fineTuned(this.inputOf(fold.train, fold.held), this.control);
      try {
        let next = await run.next();
        for (; !next.done; next = await run.next()) {
          yield { type: "event", of: { repeat, fold: place }, event: next.value };
        }
        if (!next.value) return;
        const result = { repeat, fold: place, trainRows: fold.train.length, rows: fold.held.length, ...next.value };
        this.done.push(result);
        yield { type: "fold", result };
      } finally {
        await run.return(null);
      }
    }
  }

  /** The final model of probes: the checkpoint with a probe of all rows. */
  private async *finalProbe({ report, probed, trainRows, task }: FoldResult): AsyncGenerator<FoldsEvent> {
    if (!probed) return;
    const run = await Run.load(this.finalInput(), new RunControl());
    const { probe, scores } = probed;
    run.takeBaseline({ probe, trainRows, validation: Int32Array.from(this.sample().keys()), report, scores }, task);
    this.final = run;
    yield { type: "event", of: "final", event: { type: "end", reason: "finished", step: 0, wallMs: 0, trainingMs: 0 } };
  }

  /** Places of rows that the final model is looked at by. */
  private sample(): Int32Array {
    const order = shuffledIndices(originalCount(this.input), createRandom(this.input.recipe.seed));
    return order.slice(0, FINAL_SAMPLE).sort();
  }

  /** The final model on all rows; some of them are scored during its run, which says nothing of how good it is. */
  private async *trainFinal(): AsyncGenerator<FoldsEvent> {
    const control = (this.finalControl = new RunControl(this.onPaused));
    const run = await Run.load(this.finalInput(), control);
    this.final = run;
    const epoch = this.finalEpoch;
    for await (const event of run.events()) {
      // Steps are reported in bunches; a few more than the median change little.
      if (event.type === "step" && event.epoch >= epoch - 1e-9) control.stop();
      yield { type: "event", of: "final", event };
    }
  }

  /** All rows to train on; some of them are scored too, and choose neither when to stop nor a temperature. */
  private finalInput(): RunInput {
    const input = this.inputOf(this.originals(), this.sample());
    return { ...input, recipe: { ...input.recipe, earlyStopping: 0, calibrate: false } };
  }

  /** The median of the epochs at which the folds were best. */
  get finalEpoch(): number {
    const epochs = this.done.map(({ epoch }) => epoch).sort((a, b) => a - b);
    const middle = (epochs.length - 1) / 2;
    return ((epochs[Math.floor(middle)] ?? 0) + (epochs[Math.ceil(middle)] ?? 0)) / 2;
  }

  /** Frees the final model. */
  dispose(): void {
    this.final?.dispose();
  }

  /** The scores of the complete folds, their mean, deviation and 95 % interval, see `correctedInterval`. */
  summary(): FoldsSummary {
    const { done, task } = this;
    const keys = task.metrics.map(({ key }) => key);
    const valueOf = (report: AnyReport, key: string) => metricOf(task, key).of(report);
    const share = done.reduce((sum, { rows, trainRows }) => sum + rows / trainRows / done.length, 0);
    const ofKey = (key: string): FoldSummary => {
      const scores = done.map(({ report }) => valueOf(report, key)).filter(Number.isFinite);
      const { interval, ...rest } = correctedInterval(scores, share);
      const { kind } = metricOf(task, key);
      // No share or score is above 1, and no share below 0.
      const inside = (value: number) =>
        kind === "loss" ? value : Math.min(1, kind === "share" ? Math.max(0, value) : value);
      return { ...rest, interval: interval && [inside(interval[0]), inside(interval[1])] };
    };
    const summaries = keys.map((key) => [key, ofKey(key)] as const);
    const pick = <Part extends keyof FoldSummary>(part: Part) =>
      Object.fromEntries(summaries.map(([key, one]) => [key, one[part]]));
    return {
      each: done.map(({ report, repeat, fold, trainRows, rows, step, epoch, probed }) => ({
        repeat,
        fold,
        trainRows,
        rows,
        step,
        epoch,
        ...(probed && { l2: probed.probe.l2 }),
        ...Object.fromEntries(keys.map((key) => [key, valueOf(report, key)])),
      })),
      mean: pick("mean"),
      deviation: pick("deviation"),
      interval: pick("interval"),
    };
  }

  /** The out-of-fold predictions of the first repeat. Throws a Problem where no fold is complete. */
  outOfFold(): OutOfFold {
    const outputs = this.pooled([1]);
    const { labelNames, folds } = this.input;
    const foldOf = new Int32Array(originalCount(this.input));
    for (const { repeat, fold, held } of folds) if (repeat === 1) for (const row of held) foldOf[row] = fold;
    const task = this.pooledTask();
    const { rows, values } = outputs;
    const truth = takeLabels(this.input.labels, rows);
    const { scoring } = task;
    if (scoring.reads === "loss") throw new Error(`The task “${task.name}” scores no outputs.`);
    const scorer =
      scoring.reads === "words" ? scoring.scorer(this.all, rows, labelNames) : scoring.scorer(truth, labelNames, true);
    scorer.add(values);
    const [report, scores] = [scorer.report(), scorer.scores()];
    return { rows, foldOf: rows.map((row) => foldOf[row] ?? 0), truth, report, scores, task };
  }

  /** Labels in doubt, by the mean outputs over all repeats; `row` counts among all rows. */
  labelIssues(): LabelIssues {
    const { rows, values } = this.pooled(this.done.map(({ repeat }) => repeat));
    const { labelNames, labels } = this.input;
    const judged = labelIssues({
      task: this.task,
      data: this.part(rows),
      truth: takeLabels(labels, rows),
      outputs: values,
      labelNames,
    });
    return { ...judged, issues: judged.issues.map((issue) => ({ ...issue, row: rows[issue.row] ?? 0 })) };
  }

  /** Mean outputs over some repeats of the rows that any of these scored, in the order of the rows. */
  private pooled(repeats: readonly number[]): { rows: Int32Array; values: Float32Array } {
    const sums = new Map<number, { values: Float32Array; times: number }>();
    for (const result of this.done) {
      if (!repeats.includes(result.repeat)) continue;
      let at = 0;
      for (const row of this.heldOf(result)) {
        const own = result.outputs.subarray(at, (at += this.outputsOfRow(row)));
        const sum = sums.get(row);
        if (!sum) sums.set(row, { values: own, times: 1 });
        else sums.set(row, { values: own.map((value, i) => value + (sum.values[i] ?? 0)), times: sum.times + 1 });
      }
    }
    if (sums.size === 0) throw noFold();
    const rows = Int32Array.from(sums.keys()).sort();
    const parts = Array.from(rows, (row) => {
      const { values, times } = sums.get(row) ?? { values: new Float32Array(0), times: 1 };
      return values.map((value) => value / times);
    });
    const values = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    return { rows, values };
  }

  private heldOf({ repeat, fold }: FoldResult): Int32Array {
    return this.input.folds.find((one) => one.repeat === repeat && one.fold === fold)?.held ?? new Int32Array(0);
  }

  /** Number of outputs of a row: one for each class or label, or as many for each place of its words. */
  private outputsOfRow(row: number): number {
    const width = this.task.outputs(this.input.labelNames);
    return this.all.wordOf ? width * wordsIn(this.all, rowsOfTexts(this.all, Int32Array.of(row))) : width;
  }

  /** The task of pooled predictions: with the mean of the folds' thresholds, where these were tuned. */
  private pooledTask(): TrainedTask {
    const { labelNames } = this.input;
    const tuned = this.done.map(({ task }) => thresholdsOf(task, labelNames));
    if (!this.task.ofConfig || tuned.some((one) => one === null) || tuned.length === 0) return this.task;
    const means = labelNames.map(
      (name) => [name, tuned.reduce((sum, one) => sum + (one?.[name] ?? 0) / tuned.length, 0)] as const,
    );
    return this.task.ofConfig({ tabtune: { thresholds: Object.fromEntries(means) } }, labelNames);
  }

  private part(texts: Int32Array): EncodedDataset {
    return labelled(takeTexts(this.input.rows, texts), takeLabels(this.input.labels, texts));
  }

  /** Places of all rows that are no copies. */
  private originals(): Int32Array {
    return Int32Array.from({ length: originalCount(this.input) }, (_, row) => row);
  }

  private inputOf(rows: Int32Array, held: Int32Array): RunInput {
    const train = withOwnCopies(this.input, rows);
    const copies = train.length - rows.length;
    return { ...this.input, task: this.task, train: this.part(train), copies, validation: this.part(held) };
  }
}

/** The thresholds that a task states for its labels; null where it has none. */
function thresholdsOf(task: TrainedTask, labelNames: readonly string[]): Record<string, number> | null {
  const { thresholds } = task.tabtuneConfig?.(labelNames) ?? {};
  return typeof thresholds === "object" ? (thresholds as Record<string, number>) : null;
}

function noFold(): Problem {
  return new Problem({
    found: "No fold is complete.",
    expected: "At least one fold was expected to be scored.",
    remedy: "Start again.",
  });
}
