import { takeLabels, type RowLabels } from "../data/row-labels.ts";
import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import type { HeldOutBy } from "../recipe/held-out-by.ts";
import { textCount, textLabels } from "../data/windows.ts";
import type { ExportContents } from "../export/entries.ts";
import type { Classifier } from "../model/classifier.ts";
import type { LanguageModel } from "../model/language-model.ts";
import type { MemoryFit } from "../plan/fit-to-memory.ts";
import type { Thresholds } from "../metrics/decision.ts";
import { nearestRows, type Neighbor } from "../metrics/nearest.ts";
import { mcnemarOf, type McNemar } from "../metrics/mcnemar.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { AnyPrediction, AnyScores, TrainedTask } from "../tasks/task.ts";
import { againstBaseline, type AgainstBaseline } from "../tasks/against-baseline.ts";
import { intervalsOf } from "../tasks/intervals.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import type { RunControl } from "../train/control.ts";
import type { StepEvent, TrainEvent } from "../train/events.ts";
import type { Earlier } from "../train/earlier.ts";
import { earlierCorpus } from "../train/earlier-corpus.ts";
import type { EarlierData } from "../train/earlier-task.ts";
import type { RowDynamics } from "../train/row-dynamics.ts";
import { Diverged, TrainingRun, type FullEvaluation } from "../train/loop.ts";
import { heldSnapshot, readHeld } from "../train/held-numbers.ts";
import type { StateSaver } from "../train/run-state.ts";
import { fitBaseline, type Baseline } from "../train/probe/baseline.ts";
import { restoreSnapshot, takeSnapshot, type Snapshot } from "../train/snapshot.ts";
import { adapterFactsOf, lowRankOf } from "./adapter.ts";
import { adapterWeights, mergedWeights } from "./export-weights.ts";
import { baselineModel as loadBaseline, baselineRecipe } from "./baseline-model.ts";
import { checkBaseline } from "./check-baseline.ts";
import { checkDataMap, dynamicsOf } from "./data-map.ts";
import { fittingSteps, timeBudget } from "./time-budget.ts";
import { headFromProbe, startsFromProbe } from "./head-start.ts";
import { loadModels } from "./models.ts";
import { textTaskOf } from "./language-model.ts";
import { loadClassifier, ratesOf, type OpenedModel } from "./open-model.ts";
import { compileAhead, memoryOf } from "./memory.ts";
import { checkPretraining, pretrain } from "./pretrain.ts";
import type { Attribution } from "../insight/attribution.ts";
import { dataMap, FEWEST_EPOCHS } from "../insight/data-map.ts";
import { givenText, type DataMap } from "../insight/data-map-lines.ts";
import type { MappedPart, RowMap } from "../insight/map/row-map.ts";
import { explainText, type ExplainOptions } from "./explain/explain.ts";
import type { ExplainedText } from "./explain/explained-rows.ts";
import type { Results, ScoredOutcomes, Tested } from "./results.ts";
import { withHalfTheRate, type RunSaver, type RunState } from "./saved-run.ts";
import { scoredOutcomes } from "./scored-outcomes.ts";
import { selectedResults } from "./selected-results.ts";
import { capacityOf, checkMaxLength, predictTexts, recorded, score, scoreLabelled, type AskedTexts } from "./score.ts";
import { mapRows, type MapOptions } from "./row-map.ts";
import { rankUncertain, type RankedRows, type RankOptions } from "./uncertain-rows.ts";
import { textVectors, vectorsOfMany, type TextVectors } from "./text-vectors.ts";
import { taskOfRun } from "./task-of-run.ts";
import { forTask } from "./token-model.ts";

/** What a run goes on from, and what keeps it. */
interface RunKeeping {
  saver?: RunSaver | null;
  /** As it was saved; the input must be the same. */
  resumed?: RunState | null;
}

/** A whole model, LoRA's matrices worked in, or those alone in a PEFT folder. */
export type ExportForm = "merged" | "adapter";

/** Which of a run's weights; those of the baseline are the checkpoint's, with a linear model as classifier. */
export type Weights = "best" | "last" | "baseline";

type TrainedWeights = Exclude<Weights, "baseline">;

export interface RunInput {
  /** What is trained; one class per row where not given. */
  task?: TrainedTask;
  opened: OpenedModel;
  recipe: Recipe;
  labelNames: readonly string[];
  train: EncodedDataset;
  validation: EncodedDataset;
  /** Rows set apart, which are scored when `testResults` is asked for them. */
  test?: EncodedDataset | null;
  /** Texts to pretrain on where the recipe wants it; else those of `train`. */
  pretrainTexts?: EncodedRows;
  /** Rows of the task that the checkpoint's own classifier was trained for. */
  earlier?: EarlierData;
  /** In its place: texts of the kind that its language model was trained on; no text is in both parts. */
  earlierCorpus?: { train: EncodedRows; validation: EncodedRows };
  /** By which columns the validation rows were held out, for the model card. */
  heldOutBy?: HeldOutBy | undefined;
  /** Number of changed copies among the texts of `train`, which come last. */
  copies?: number | undefined;
  /** The row that each copy is of [copies], for runs on a part of the rows. */
  copyOf?: Int32Array | undefined;
  /** Cuts the run short, and pretraining too. */
  maxSteps?: number;
  /** Bytes beyond which the system ends the page (`mostDeviceBytes`); none where not given. */
  mostBytes?: number | undefined;
}

/** What predictions.csv has of a validation row, and test-predictions.csv of a test row. */
export interface HeldOutRow {
  /** Line of the file, or row of the table where the file has no lines. */
  line: number;
  text: string;
  pair: string | null;
}

type FineTuning = TrainingRun<ReturnType<Classifier["forward"]>["pass"]>;

/** What training leaves. */
type Trained = Pick<FineTuning, "best" | "current" | "currentStep">;

/** One fine-tuning from loaded weights to results and an exported folder; the worker and the command line both hold one. */
export class Run {
  /** All events so far, in order. */
  readonly history: TrainEvent[] = [];
  /** Null where this is what is left of a run. */
  private fineTuning: FineTuning | null;
  /** Where it ends at the latest: at what was asked for, or at what fits into a time budget. */
  private maxSteps: number;
  private state: "ready" | "training" | "ended" = "ready";
  private active: TrainedWeights = "last";
  private last: Snapshot | null = null;
  /** The linear model on the frozen encoder's vectors; null before it is fitted, and where there is none. */
  baseline: Baseline | null = null;
  /** The baseline as a model, once it was asked for. */
  private baselineModel: Promise<Classifier> | null = null;
  private readonly known = new Map<Weights, Results>();
  /** Vectors of the training rows by the weights that were asked for last. */
  private trainVectors: { weights: Weights; vectors: TextVectors } | null = null;
  /** The same on the test rows, of the weights that were tested. */
  private readonly tested = new Map<Weights, Tested>();
  /** The run's task, and for each weights with what was tuned for them on the training rows. */
  private readonly ownTask: TrainedTask;
  private readonly tuned = new Map<Weights, TrainedTask>();
  /** Thresholds that were set by hand, and the results by them. */
  private readonly thresholds = new Map<Weights, Thresholds>();
  private readonly decided = new Map<Weights, Results>();
  /** Where it goes on; null where it begins. */
  private resumed: RunState | null;
  /** What the model says of the training rows after each epoch; null where no data map is wanted. */
  private dynamics: RowDynamics | null;
  /** Weights that pretraining changed and fine-tuning does not, for `revived`. */
  private pretrained: Snapshot = new Map();

  private constructor(
    private readonly input: RunInput,
    private readonly model: Classifier,
    private readonly control: RunControl,
    /** The model's encoder as a language model, for pretraining and for an earlier corpus. */
    private readonly language: LanguageModel | null,
    private readonly fit: MemoryFit,
    /** What is left of a run whose device is gone. */
    private readonly survived: Trained | null = null,
    private readonly keeping: RunKeeping = {},
  ) {
    this.maxSteps = input.recipe.effort === "quick" ? 0 : (input.maxSteps ?? Infinity);
    this.ownTask = taskOfRun(input);
    this.dynamics = dynamicsOf(input, this.ownTask);
    this.resumed = keeping.resumed ?? null;
    if (this.resumed) this.restore(this.resumed);
    this.fineTuning = survived ? null : this.makeFineTuning();
  }

  /** Takes over what a saved run knew, and the weights that it changed before its fine-tuning. */
  private restore({ history, maxSteps, baseline, baselineThresholds, pretrained }: RunState): void {
    this.history.push(...history);
    this.maxSteps = maxSteps;
    this.baseline = baseline;
    const tuned = baselineThresholds && this.ownTask.decision?.at(baselineThresholds);
    if (tuned) this.tuned.set("baseline", tuned);
    if (!pretrained) return;
    this.pretrained = readHeld(this.model.parameters, pretrained);
    restoreSnapshot(this.pretrained);
  }

  /** Keeps the run while one of its phases trains; null where nothing keeps it. */
  private saverOf(phase: RunState["phase"], msLeft: () => number | null): StateSaver | null {
    const { saver } = this.keeping;
    if (!saver) return null;
    const { parameters } = this.model;
    return {
      isDue: (moment, step) => saver.isDue(moment, step),
      save: (training) => {
        const { history, maxSteps, baseline, fit, labelNames } = this;
        return saver.save({
          phase,
          history,
          maxSteps,
          msLeft: msLeft(),
          fit: { checkpointing: fit.checkpointing, mostTokens: fit.mostTokens },
          baseline,
          baselineThresholds: this.tuned.get("baseline")?.decision?.thresholds(labelNames) ?? null,
          pretrained: this.pretrained.size > 0 ? heldSnapshot(parameters, this.pretrained) : null,
          training,
        });
      },
    };
  }

  private get training(): Trained {
    const training = this.survived ?? this.fineTuning;
    if (!training) throw new Error("A run has nothing to train.");
    return training;
  }

  /** @param msLeft of the time that a person gave the run */
  private makeFineTuning(msLeft: () => number | null = () => null): FineTuning {
    const { resumed } = this;
    const kept = {
      saver: this.saverOf("fine-tuning", msLeft),
      resumed: resumed?.phase === "fine-tuning" ? resumed.training : null,
    };
    const { train, validation, labelNames, recipe, opened, earlier } = this.input;
    const { maxSteps } = this;
    const rates = ratesOf(opened.config);
    const more = { earlier, earlierCorpus: this.corpus(), fit: this.fit, ...(maxSteps !== Infinity && { maxSteps }) };
    const data = { task: this.task, train, validation, labelNames, rates, dynamics: this.dynamics, ...more, ...kept };
    return new TrainingRun(this.model, data, recipe, this.control);
  }

  private corpus(): Earlier | undefined {
    const { earlierCorpus: texts, opened, recipe } = this.input;
    if (!texts || !this.language) return undefined;
    const data = { ...texts, task: textTaskOf(opened, recipe) };
    return earlierCorpus(this.language, data, recipe, this.control);
  }

  /**
   * Compiles the run's shaders and loads the weights onto the running backend. Throws a Problem where recipe, data and
   * model do not fit.
   *
   * @param keeping a run that goes on has its events so far in `history`, and yields what follows
   */
  static async load(
    given: RunInput,
    control: RunControl,
    onProgress: (what: string, done: number, total: number) => void = () => undefined,
    keeping: RunKeeping = {},
  ): Promise<Run> {
    const input = forTask(given);
    const { opened, recipe, earlier, earlierCorpus } = input;
    checkMaxLength(recipe.maxLength, opened.config.maxPositions);
    checkPretraining(recipe, opened);
    checkBaseline(recipe, input.task ?? defaultTrainedTask);
    checkDataMap(recipe, input.task ?? defaultTrainedTask);
    if (earlier) checkEarlierHead(recipe, opened, earlierCorpus !== undefined);
    // A run that goes on keeps the parts of its steps.
    const fit = { ...(await memoryOf(input)), ...keeping.resumed?.fit };
    const compiled = (done: number, total: number) => onProgress("Compiling shaders", done, total);
    await compileAhead(input, fit, compiled, () => !control.stops);
    const loaded = (done: number, total: number) => onProgress("Loading weights", done, total);
    const { model, language, dispose } = await loadModels(input, loaded);
    try {
      return new Run(input, model, control, language, fit, null, keeping);
    } catch (error) {
      dispose();
      throw error;
    }
  }

  /** Trains. Throws a Problem when the training diverges; the weights from before are kept. */
  async *events(): AsyncGenerator<TrainEvent> {
    this.state = "training";
    try {
      for await (const event of this.phases()) {
        this.history.push(event);
        yield event;
      }
    } finally {
      this.language?.disposeHead();
      this.state = "ended";
    }
  }

  /** Continued pretraining, where the recipe wants it, and the fine-tuning from there. */
  private async *phases(): AsyncGenerator<TrainEvent> {
    const { pretrainEpochs, effort } = this.input.recipe;
    const { resumed } = this;
    const isFineTuned = resumed?.phase === "fine-tuning";
    // The baseline is of the checkpoint as it is.
    const pretrains = this.language !== null && pretrainEpochs > 0 && effort !== "quick";
    if (this.language && pretrains && !isFineTuned) {
      // Before the pretraining, so that the baseline is of the checkpoint as it is.
      if (!resumed) yield* this.probe();
      // Made at the start to find what does not fit; its moments would lie idle, and it must start from what comes out.
      this.fineTuning?.dispose();
      const saver = this.saverOf("pretraining", () => null);
      const kept = { fit: this.fit, saver, resumed: resumed?.training ?? null };
      yield* pretrain(this.language, { ...this.input, ...kept }, this.control);
      const fineTuning = (this.fineTuning = this.makeFineTuning());
      this.pretrained = await takeSnapshot(this.model.parameters.filter((one) => !fineTuning.trainable.has(one)));
    }
    const { recipe } = this.input;
    const startedAt = performance.now();
    const budget = isFineTuned ? resumed.msLeft : timeBudget(recipe);
    const msLeft = () => (budget === null ? null : budget - (performance.now() - startedAt));
    const isProbed = startsFromProbe(this.task, this.input);
    const isFirst = isProbed || budget !== null;
    if (this.fineTuning && isFirst && !isFineTuned) {
      if (!pretrains) yield* this.probe();
      // Made again, since what it pulls to or averages are weights from after the start, and its steps are others.
      this.fineTuning.dispose();
      if (isProbed) yield* headFromProbe(this.model, this.task, this.input, this.control);
      if (budget !== null) {
        const fitting = await fittingSteps(this.model, this.input, msLeft() ?? 0);
        this.maxSteps = Math.min(this.maxSteps, fitting);
      }
      this.fineTuning = this.makeFineTuning(msLeft);
    }
    if (!this.fineTuning) return;
    const left = msLeft();
    const timer = left === null ? null : setTimeout(() => this.control.stop(), left);
    try {
      for await (const event of this.fineTuned(msLeft)) {
        yield event.type === "plan" && budget !== null ? { ...event, budget: recipe.timeBudget } : event;
        if (event.type === "plan" && !pretrains && !isFirst) yield* this.probe();
        if (event.type === "plan" && recipe.effort === "quick") {
          const wallMs = performance.now() - startedAt;
          yield { type: "end", reason: this.control.stops ? "stopped" : "finished", step: 0, wallMs, trainingMs: 0 };
          return;
        }
      }
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
  }

  /** Fine-tunes; where that diverges it goes back to the last save with half the rate, if the recipe wants that. */
  private async *fineTuned(msLeft: () => number | null): AsyncGenerator<TrainEvent> {
    for (;;) {
      try {
        if (this.fineTuning) yield* this.fineTuning.events();
        return;
      } catch (error) {
        const kept = error instanceof Diverged ? await this.setBack() : null;
        if (!kept) throw error;
        const setback = kept.history.at(-1);
        // What is undone is no part of the run any more.
        this.history.splice(0, this.history.length, ...kept.history.slice(0, -1));
        this.resumed = kept;
        this.fineTuning = this.makeFineTuning(msLeft);
        if (setback) yield setback;
      }
    }
  }

  /** The last save of the fine-tuning with half the rate; null where the run ends instead. */
  private async setBack(): Promise<RunState | null> {
    const { saver } = this.keeping;
    if (!saver || !this.input.recipe.halveOnDivergence || this.control.stops) return null;
    const from = this.history.findLast((event) => event.type === "step")?.step ?? 0;
    const setbacks = this.history.filter((event) => event.type === "setback");
    const latest = await saver.latest();
    if (latest?.phase !== "fine-tuning") return null;
    // The save may be of before an earlier setback.
    const before = latest.history.filter(({ type }) => type !== "setback");
    const backOff = setbacks.at(-1)?.rate ?? latest.training.optimizer.backOff;
    const optimizer = { ...latest.training.optimizer, backOff };
    const state = { ...latest, history: [...before, ...setbacks], training: { ...latest.training, optimizer } };
    return withHalfTheRate(state, from);
  }

  /** The first answer, from the checkpoint as it is; encoders that start at random have none. */
  private async *probe(): AsyncGenerator<TrainEvent> {
    const { recipe, train, validation, labelNames } = this.input;
    const isWanted = recipe.baseline || recipe.effort === "quick";
    if (!isWanted || recipe.start === "random" || this.survived) return;
    const { tuning } = this.ownTask;
    const tune = tuning?.isWanted(recipe)
      ? (truth: RowLabels, scores: AnyScores) => {
          const own = tuning.of(truth, scores);
          this.tuned.set("baseline", own);
          return own;
        }
      : null;
    const { task } = this;
    const data = { task, tune, train, validation, labelNames, seed: recipe.seed, capacity: capacityOf(train) };
    this.baseline = yield* fitBaseline(this.model, data, this.control);
  }

  get task(): TrainedTask {
    return this.ownTask;
  }

  /** The task with what was tuned or set for these weights, once `results` were asked for. */
  taskOf(weights: Weights): TrainedTask {
    const own = this.tuned.get(weights) ?? this.ownTask;
    const thresholds = this.thresholds.get(weights);
    return (thresholds && own.decision?.at(thresholds)) ?? own;
  }

  get labelNames(): readonly string[] {
    return this.input.labelNames;
  }

  /** Takes a probe that was fitted elsewhere as the baseline. */
  takeBaseline(baseline: Baseline, task: TrainedTask): void {
    this.baseline = baseline;
    this.tuned.set("baseline", task);
  }

  get isTraining(): boolean {
    return this.state === "training";
  }

  /** Whether any weights have been trained for a step. */
  get isTrained(): boolean {
    return Math.max(this.stepOf("best"), this.stepOf("last")) > 0;
  }

  /** The baseline beside the best weights; null where there is only one of them. */
  get againstBaseline(): AgainstBaseline | null {
    const baseline = this.history.find((event) => event.type === "baseline");
    return againstBaseline(
      this.task,
      baseline,
      this.history.findLast((event) => event.type === "best"),
    );
  }

  /** Number of steps of the weights. */
  stepOf(weights: Weights): number {
    if (weights === "baseline") return 0;
    const { best, currentStep } = this.training;
    if (weights === "best" && best) return best.step;
    // The step at which a run diverged changed nothing.
    const changed = (event: TrainEvent): event is StepEvent =>
      event.type === "step" && Number.isFinite(event.loss + event.gradientNorm);
    return Math.min(currentStep, this.history.findLast(changed)?.step ?? 0);
  }

  /** The weights scored on all validation rows; computed once. Throws a Problem while training. */
  async results(weights: Weights, onProgress?: (done: number) => void): Promise<Results> {
    const cached = this.decided.get(weights);
    if (cached) return cached;
    const undecided = weights === "baseline" ? this.baselineResults() : await this.undecided(weights, onProgress);
    const results = this.decide(undecided);
    this.decided.set(weights, results);
    return results;
  }

  /**
   * Sets from which probability on each class or label is predicted with these weights, in results, predictions and
   * exported folders; null for what the weights do by themselves. Test rows are to be scored again. Throws a Problem
   * while training, and where the task or its scores have no thresholds.
   */
  async setThresholds(weights: Weights, thresholds: Thresholds | null): Promise<Results> {
    const before = await this.results(weights);
    const task = this.taskOf(weights);
    if (thresholds && !task.decision?.at(thresholds).decision?.again(before, this.labelNames, 1))
      throw noThresholds(task);
    if (thresholds) this.thresholds.set(weights, thresholds);
    else this.thresholds.delete(weights);
    this.decided.delete(weights);
    this.tested.delete(weights);
    return this.results(weights);
  }

  /** Results of rows as the thresholds of their weights decide them. */
  private decide(undecided: Results): Results {
    const { weights, truth } = undecided;
    const { decision } = this.taskOf(weights);
    if (!decision) return undecided;
    const own = (this.tuned.get(weights) ?? this.ownTask).decision?.thresholds(this.labelNames) ?? [];
    const { temperature } = decision;
    const results = { ...undecided, decision: { thresholds: decision.thresholds(this.labelNames), own, temperature } };
    const again = this.thresholds.has(weights) ? decision.again(undecided, this.labelNames, temperature) : null;
    if (!again) return results;
    const { report, scores } = again;
    const test = weights === "baseline" ? null : this.baselineTest(truth, scores);
    const intervals = intervalsOf(this.task, truth, scores, this.labelNames);
    return { ...results, report, scores, intervals, ...(test && { againstBaseline: test }) };
  }

  /** The results of trained weights without thresholds that were set. */
  private async undecided(weights: TrainedWeights, onProgress?: (done: number) => void): Promise<Results> {
    const cached = this.known.get(weights);
    if (cached) return cached;
    if (this.isTraining) throw stillTraining();
    const { validation, labelNames } = this.input;
    const step = this.stepOf(weights);
    const isTuned = await this.tune(weights);
    const known = isTuned ? null : this.knownScores(weights);
    const scored = known ?? (await this.scored(weights, validation, onProgress));
    const { report, scores } = scored;
    const truth = textLabels(validation);
    const intervals = intervalsOf(this.task, truth, scores, labelNames);
    const test = this.baselineTest(truth, scores);
    const found = { report, truth, scores, intervals, ...(test && { againstBaseline: test }) };
    const results: Results = { task: this.task.name, weights, step, labelNames: [...labelNames], ...found };
    this.known.set(weights, results);
    this.calibrate(results);
    return results;
  }

  /** The results of some validation rows, given by their places. */
  async selected(weights: Weights, rows: Int32Array): Promise<Results> {
    const results = await this.results(weights);
    return selectedResults(this.taskOf(weights), results, rows);
  }

  /** How validation rows came out: some of them, given by their places, or all; null where the task says it of no row. */
  async rowOutcomes(weights: Weights, rows?: Int32Array): Promise<ScoredOutcomes | null> {
    const results = rows ? await this.selected(weights, rows) : await this.results(weights);
    return scoredOutcomes(this.taskOf(weights), results);
  }

  /** Finds on the validation rows what the recipe wants calibrated; their own scores stay as they are. */
  private calibrate({ weights, truth, scores }: Results): void {
    const { calibration } = this.ownTask;
    if (!calibration?.isWanted(this.input.recipe)) return;
    const own = calibration.of(truth, scores, this.labelNames);
    if (own) this.tuned.set(weights, own);
  }

  /**
   * The weights scored on the test rows; computed once. Throws a Problem while training, and where the run has no test
   * rows.
   *
   * @param uses how often test rows were scored until now, this time included
   */
  async testResults(weights: Weights, uses: number, onProgress?: (done: number) => void): Promise<Tested> {
    const cached = this.tested.get(weights);
    if (cached) return cached;
    const { test } = this.input;
    if (!test) throw noTestRows();
    // What is tuned for these weights is tuned on training rows.
    const { task, step, labelNames } = await this.results(weights);
    const scored = await this.scored(weights, test, onProgress);
    const truth = textLabels(test);
    const intervals = intervalsOf(this.task, truth, scored.scores, labelNames);
    const tested = { task, weights, step, labelNames, ...scored, truth, intervals, uses };
    this.tested.set(weights, tested);
    return tested;
  }

  /** The test rows with their scores and how often they were scored; null where these weights were not tested. */
  testedOf(weights: Weights) {
    const tested = this.tested.get(weights);
    const { test } = this.input;
    return tested && test ? { ...tested, rows: test } : null;
  }

  /** Logits [texts · classes] of any texts; while training only with the last weights, which are those of the moment. */
  async logits(rows: EncodedRows, weights: Weights): Promise<Float32Array> {
    return score(await this.modelWith(weights), rows, this.task.outputs(this.input.labelNames));
  }

  /** Predictions of any texts; while training only with the last weights, which are those of the moment. */
  async predict(asked: AskedTexts, weights: Weights): Promise<AnyPrediction[]> {
    // What is calibrated is known once the weights are scored.
    if (!this.isTraining && this.ownTask.calibration?.isWanted(this.input.recipe)) await this.results(weights);
    return predictTexts(await this.modelWith(weights), this.taskOf(weights), asked, this.input.labelNames);
  }

  /**
   * How the model took up the training rows, without changed copies, over the epochs; null where the recipe wants no data
   * map, or fewer than two epochs are complete.
   */
  get dataMap(): DataMap | null {
    const { epochs = [], rows = 0 } = this.dynamics ?? {};
    if (epochs.length < FEWEST_EPOCHS) return null;
    const { task, labelNames } = this;
    const truth = textLabels(this.input.train);
    const labels = Array.from({ length: rows }, (_, row) => givenText(task, truth, labelNames, row));
    return { ...dataMap(epochs), labels };
  }

  /** Whether the recipe wants a data map, and the task has one. */
  get wantsDataMap(): boolean {
    return this.dynamics !== null;
  }

  /** Rows without a label in the order in which labels would help most; see `rankUncertain`. */
  async rank(rows: EncodedRows, weights: Weights, options: RankOptions): Promise<RankedRows> {
    return rankUncertain(await this.modelWith(weights), this.taskOf(weights), rows, this.input.labelNames, options);
  }

  /**
   * Maps validation rows, or training rows without changed copies, by these weights; null where it was stopped. Throws a
   * Problem while training.
   */
  async map(part: MappedPart, weights: Weights, onProgress: MapOptions["onProgress"]): Promise<RowMap | null> {
    if (this.isTraining) throw stillTraining();
    const { validation, train, copies = 0, labelNames, recipe } = this.input;
    const scored = part === "validation" ? await this.results(weights) : undefined;
    const model = await this.modelWith(weights);
    const options = { seed: recipe.seed, onProgress, ...(scored ? { scored } : { leaveOut: copies }) };
    return mapRows(model, this.taskOf(weights), part === "train" ? train : validation, labelNames, options);
  }

  /**
   * The training rows, without changed copies, whose vectors by these weights are nearest to that of a text; null where it
   * was stopped. The vectors are computed at the first call, and kept until other weights are asked. Throws a Problem while
   * training.
   */
  async nearest(
    asked: EncodedRows,
    weights: Weights,
    { count, onProgress }: { count: number; onProgress: (done: number, total: number) => boolean },
  ): Promise<Neighbor[] | null> {
    if (this.isTraining) throw stillTraining();
    const { train, copies = 0 } = this.input;
    const model = await this.modelWith(weights);
    const texts = Int32Array.from({ length: textCount(train) - copies }, (_, text) => text);
    const known = this.trainVectors?.weights === weights ? this.trainVectors.vectors : null;
    const kept = (done: number) => onProgress(done, texts.length);
    const vectors = known ?? (await vectorsOfMany(model, this.task, train, { texts, onProgress: kept }));
    if (!vectors) return null;
    this.trainVectors = { weights, vectors };
    const { values } = await textVectors(model, this.task, asked, Int32Array.of(0));
    return nearestRows(vectors.values, values, count);
  }

  /**
   * Explains what is predicted of a text. Throws a Problem while training: its passes need the same weights.
   */
  async explain(
    asked: ExplainedText,
    weights: Weights,
    options: ExplainOptions,
    onProgress?: (done: number, total: number) => void,
  ): Promise<Attribution> {
    if (this.isTraining) throw stillTraining();
    const model = await this.modelWith(weights);
    return explainText(model, this.taskOf(weights), asked, this.input.labelNames, options, onProgress);
  }

  /**
   * What the exported folder is made of; `rows` are the validation rows' texts, and `testRows` those of the test rows,
   * which it has where these weights were tested. Throws a Problem where an adapter is
   * wanted of a run that has none.
   */
  async exportContents(
    weights: Weights,
    dtype: ExportContents["dtype"],
    rows: readonly HeldOutRow[],
    dataName: string,
    form: ExportForm = "merged",
    testRows: readonly HeldOutRow[] = [],
  ): Promise<ExportContents> {
    const { opened, labelNames, train } = this.input;
    const isBaseline = weights === "baseline";
    const recipe = isBaseline ? baselineRecipe(this.input.recipe) : this.input.recipe;
    const adapter = form === "adapter" && !isBaseline ? adapterFactsOf(recipe, opened) : null;
    const { report, truth, scores, step, intervals } = await this.results(weights);
    if (!isBaseline) await this.use(weights);
    const model = isBaseline ? await this.baselineClassifier() : this.model;
    const scored = isBaseline ? this.theBaseline().validation : null;
    const task = this.taskOf(weights);
    const units = task.exported;
    const tested = this.tested.get(weights);
    return {
      baseConfig: opened.files.config,
      maxPositions: opened.config.maxPositions,
      segmentTypes: opened.config.typeVocabularySize,
      weights: adapter
        ? adapterWeights(model, adapter.wholeModules, units)
        : mergedWeights(model, opened.files.weights, units),
      adapter,
      dtype,
      tokenizerJson: opened.tokenizer.tokenizerJson,
      tokenizerConfigJson: opened.files.tokenizerConfigJson,
      extra: opened.files.extra,
      card: {
        task,
        family: opened.family,
        name: `${opened.summary.name}-${dataName.replace(/\.[^.]*$/, "")}${isBaseline ? "-baseline" : adapter ? "-adapter" : ""}`,
        baseModel: opened.summary.name,
        baseLicence: opened.summary.licence,
        dataName,
        trainRows: isBaseline ? this.theBaseline().trainRows : textCount(train) - (this.input.copies ?? 0),
        copies: this.input.copies ?? 0,
        labelNames,
        report,
        intervals,
        tested,
        weights,
        step,
        isPair: rows.some(({ pair }) => pair !== null),
        recipe,
        heldOutBy: this.input.heldOutBy,
        mixedAs: this.history.find((event) => event.type === "plan")?.mixedAs,
      },
      events: this.history,
      predictions: { rows: scored ? pickedRows(rows, scored) : rows, truth, scores, task },
      ...(tested && { testPredictions: { rows: testRows, truth: tested.truth, scores: tested.scores, task } }),
    };
  }

  /** Whether its best weights are in main memory, so that they outlive the device. */
  get survives(): boolean {
    return this.training.best !== null;
  }

  /**
   * The run with its best weights alone, loaded onto the backend that is current now: its own device is gone, and the
   * last weights with it. Throws a Problem where there was no full evaluation yet.
   */
  async revived(onProgress?: (done: number, total: number) => void): Promise<Run> {
    const { opened, labelNames, recipe, earlier } = this.input;
    const { best } = this.training;
    if (!best) throw stillTraining();
    const start = {
      ...recipe,
      keepsEarlier: earlier !== undefined,
      trained: this.task,
      outputs: this.task.outputs(labelNames),
    };
    const model = await loadClassifier(opened, labelNames, start, onProgress, lowRankOf(recipe));
    const fresh = (weights: Snapshot): Snapshot =>
      new Map(
        [...weights].flatMap(([parameter, values]) => {
          const own = model.parameters[this.model.parameters.indexOf(parameter)];
          return own ? [[own, values] as const] : [];
        }),
      );
    restoreSnapshot(fresh(this.pretrained));
    const weights = fresh(best.weights);
    restoreSnapshot(weights);
    const kept = { ...best, weights };
    const survived = { best: kept, current: kept, currentStep: best.step };
    const run = new Run(this.input, model, this.control, null, this.fit, survived);
    run.history.push(...this.history);
    run.baseline = this.baseline;
    run.dynamics = this.dynamics;
    for (const [of, thresholds] of this.thresholds) run.thresholds.set(of, thresholds);
    run.state = "ended";
    return run;
  }

  /** Frees everything on the device. */
  dispose(): void {
    this.language?.disposeHead();
    this.model.dispose();
    void this.baselineModel?.then((model) => model.dispose());
  }

  private theBaseline(): Baseline {
    if (this.baseline) return this.baseline;
    throw new Problem({
      found: "This run has no baseline.",
      expected: "A linear model on the frozen encoder's vectors was expected.",
      remedy: "Take the best or the last weights.",
    });
  }

  private baselineResults(): Results {
    const cached = this.known.get("baseline");
    if (cached) return cached;
    const { report, scores, validation } = this.theBaseline();
    const truth = takeLabels(textLabels(this.input.validation), validation);
    const results: Results = {
      task: this.task.name,
      weights: "baseline",
      step: 0,
      labelNames: [...this.labelNames],
      report,
      ...(validation.length < textCount(this.input.validation) && { places: validation }),
      truth,
      scores,
      intervals: intervalsOf(this.task, truth, scores, this.labelNames),
    };
    this.known.set("baseline", results);
    this.calibrate(results);
    return results;
  }

  /** McNemar's test of the baseline and other weights on the rows that both were scored on. */
  private baselineTest(truth: RowLabels, scores: AnyScores): McNemar | null {
    const { rightRows } = this.task;
    if (!rightRows || !this.baseline) return null;
    const baseline = this.decide(this.baselineResults());
    const all = rightRows(truth, scores);
    const picked = baseline.places ? Array.from(baseline.places, (place) => all[place] ?? false) : all;
    return mcnemarOf(rightRows(baseline.truth, baseline.scores), picked);
  }

  /** Loaded beside the run's own model, whose encoder trains. */
  private baselineClassifier(): Promise<Classifier> {
    const { probe } = this.theBaseline();
    const { opened, recipe, labelNames } = this.input;
    return (this.baselineModel ??= loadBaseline(opened, recipe, { probe, labelNames }));
  }

  /** Scores of the validation rows that the run computed itself. */
  private knownScores(weights: TrainedWeights): FullEvaluation | null {
    const { best, current } = this.training;
    return weights === "best" && best ? best : current;
  }

  /** Some labelled rows scored with these weights. */
  async scored(weights: Weights, rows: EncodedDataset, onProgress?: (done: number) => void) {
    const isBaseline = weights === "baseline";
    if (!isBaseline) await this.use(weights);
    const model = isBaseline ? await this.baselineClassifier() : this.model;
    return scoreLabelled(model, this.taskOf(weights), rows, this.input.labelNames, onProgress);
  }

  /** The same with the outputs themselves, in the units of the data: of the rows, or of the places of their words. */
  async outputs(weights: Weights, rows: EncodedDataset) {
    if (weights !== "baseline") await this.tune(weights);
    const isBaseline = weights === "baseline";
    if (!isBaseline) await this.use(weights);
    const model = isBaseline ? await this.baselineClassifier() : this.model;
    const { task, outputs } = recorded(this.taskOf(weights));
    const scored = await scoreLabelled(model, task, rows, this.input.labelNames);
    return { ...scored, outputs: outputs() };
  }

  /** Finds on the training rows what the recipe wants tuned for these weights; false where it wants nothing. */
  private async tune(weights: TrainedWeights): Promise<boolean> {
    const { tuning } = this.ownTask;
    const { recipe, train } = this.input;
    if (!tuning?.isWanted(recipe)) return false;
    if (!this.tuned.has(weights)) {
      const { scores } = await this.scored(weights, train);
      this.tuned.set(weights, tuning.of(textLabels(train), scores));
    }
    return true;
  }

  /** A model with these weights; while it trains it has the last. */
  private async modelWith(weights: Weights): Promise<Classifier> {
    if (weights === "baseline") return this.baselineClassifier();
    if (!this.isTraining) await this.use(weights);
    else if (weights === "best") throw stillTraining();
    return this.model;
  }

  /** Puts the best or the last weights into the model. */
  private async use(weights: TrainedWeights): Promise<void> {
    if (this.isTraining) throw stillTraining();
    const { best, current } = this.training;
    if (weights === this.active || !best || best === current) return;
    this.last ??= await takeSnapshot(best.weights.keys());
    restoreSnapshot(weights === "best" ? best.weights : this.last);
    this.active = weights;
  }
}

/** The validation rows at these places. */
function pickedRows(rows: readonly HeldOutRow[], places: Int32Array): HeldOutRow[] {
  return Array.from(places).flatMap((place) => rows[place] ?? []);
}

/** The earlier task's classifier is right only over what it was trained to read. */
function checkEarlierHead({ pooling }: Recipe, { config }: OpenedModel, hasCorpus: boolean): void {
  if (hasCorpus) {
    throw new Problem({
      found: "Rows and a text file of an earlier task are both given.",
      expected: "One earlier task was expected.",
      remedy: "Leave one of them out.",
    });
  }
  if (pooling === config.pooling) return;
  throw new Problem({
    found: `The recipe pools rows by “${pooling}”, and the earlier task's classifier reads rows pooled by “${config.pooling}”.`,
    expected: "Both classifiers were expected to read the same.",
    remedy: `Set the pooling to “${config.pooling}”.`,
  });
}

function stillTraining(): Problem {
  return new Problem({
    found: "The run is still training.",
    expected: "Its results are there when it has ended.",
    remedy: "Wait for its end, or stop it: a stopped run keeps its best and its last weights.",
  });
}

function noThresholds({ name }: TrainedTask): Problem {
  return new Problem({
    found: `The task “${name}” has no thresholds here.`,
    expected: "Classes or labels were expected whose probabilities are all kept of each row.",
    remedy: "Use a task with one or several labels per text, and at most 100 classes.",
  });
}

function noTestRows(): Problem {
  return new Problem({
    found: "This run has no test rows.",
    expected: "Rows that were set apart before the run were expected.",
    remedy: "Set rows apart to test on, or give a test file, and train again.",
  });
}
