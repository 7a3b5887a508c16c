import { cutByTokens, rowCount, stepRows } from "../data/batches.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { epochSize, sampledOrder } from "../data/sampled-order.ts";
import { textCount } from "../data/windows.ts";
import { precisionOn } from "../gpu/precision.ts";
import { runningDevice } from "../gpu/running.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import { BASELINE_ROWS, isSampleStep } from "../recipe/evaluations.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { scoreOf, type AnyReport, type AnyScores, type LearnedTask } from "../tasks/task.ts";
import { BestSoFar } from "./best-so-far.ts";
import { BunchedReader, MOST_STEPS_A_READ, type ReadStep } from "./bunched-reader.ts";
import { capacityOf } from "./capacity.ts";
import { CheckpointAverage } from "./checkpoint-average.ts";
import { Consolidation } from "./consolidation.ts";
import type { RunControl } from "./control.ts";
import { checkEarlier, type Earlier } from "./earlier.ts";
import { earlierRows, type EarlierData } from "./earlier-task.ts";
import { scoreRows, type BatchLimit } from "./evaluate.ts";
import type { EvaluationEvent, StepEvent, TrainEvent } from "./events.ts";
import { MovingAverage } from "./moving-average.ts";
import { extractFeatures, featureRows, trainsHeadAlone } from "./features.ts";
import { lossesOf } from "./losses.ts";
import { nextTask } from "./next-task.ts";
import { readSteps, type StepNumbers } from "./read-steps.ts";
import { Plateau } from "./schedule.ts";
import { countSteps, settingsOf, unfitted, type StepFit } from "./settings.ts";
import type { RowDynamics } from "./row-dynamics.ts";
import { held, heldSnapshot, readHeld, restoreHeld } from "./held-numbers.ts";
import type { Moment, StateSaver, TrainingState } from "./run-state.ts";
import { restoreSnapshot, takeSnapshot, type Snapshot } from "./snapshot.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Rates, Trainable } from "./trainable.ts";
import { checkAverage, checkPull, checkRandomTrains, checkSharedLayers } from "./start-checks.ts";
import { Trainer, type PendingStep } from "./trainer.ts";

/** What a run works on. */
export interface RunData<R extends AnyReport = AnyReport> {
  task: LearnedTask<R>;
  train: EncodedDataset;
  validation: EncodedDataset;
  labelNames: readonly string[];
  /** Dropout rates of the checkpoint's config, used where the recipe names none. */
  rates: Rates;
  /** The task that the model was trained for before, whose classifier it then has too. */
  earlier?: EarlierData<R> | undefined;
  /** In its place: the language model that the encoder was before. */
  earlierCorpus?: Earlier | undefined;
  /** Cuts the run short, and its schedule with it. */
  maxSteps?: number;
  /** Size of its largest batch; found by going through all batches where not given. */
  capacity?: Capacity;
  /** How a step is made to fit into memory; as in the recipe where not given. */
  fit?: StepFit;
  /** What a batch that is scored may have, where that is less than `capacity`. */
  scoredBatch?: BatchLimit;
  /** Where the last weights alone are wanted: none are kept as the best, and all evaluations are on the sample. */
  keepsLast?: true;
  /** Where what the model says of the training rows after each epoch is kept; nothing is scored where not given. */
  dynamics?: RowDynamics | null;
  /** The problem that ends a run whose steps are not finite, where it is none of fine-tuning. */
  diverged?: (last: StepEvent) => Diverged;
  /** What keeps the run while it trains; nothing where not given. */
  saver?: StateSaver | null;
  /** Where the run goes on: it reports neither its plan nor what came before once more. */
  resumed?: TrainingState | null;
}

const MEMORY_EVERY_MS = 1000;
/** Upper limit for reserved buffers, of four bytes each; more losses than this are never unread at once. */
const MOST_LOSSES_RESERVED = 1024;

/** All validation rows scored, and the step of the weights. */
export interface FullEvaluation<R extends AnyReport = AnyReport> {
  step: number;
  report: R;
  scores: AnyScores;
}

/** Where a run is between two steps. */
type Place = Pick<TrainingState, "step" | "epoch" | "inEpoch">;

const evaluated = ({ step, report, scores }: FullEvaluation) => ({ step, report, scores });

/** A run ends when so many steps in a row were not finite. */
const MOST_SKIPPED = 3;

/** The problem of a run whose steps are not finite any more. */
export class Diverged extends Problem {}

function diverged({ step, loss, gradientNorm }: StepEvent, { precision }: Recipe): Diverged {
  return new Diverged({
    found: `At step ${step} the loss was ${loss} and the gradient norm ${gradientNorm}, as in the ${MOST_SKIPPED - 1} steps before it.`,
    expected: "Both were expected to be finite numbers: the training diverged.",
    remedy:
      `Lower the learning rate or raise the warm-up${precision === "mixed" ? ", or train in float32" : ""}, ` +
      "then start again. The weights from before these steps are kept.",
  });
}

/**
 * The training loop of one run: yields events, and after the last one `best` holds the weights of the best full
 * evaluation (by the recipe's metric, then by the task's loss). Depending on the recipe, the model then holds the last
 * weights, their moving average, the mean of checkpoints, or the best weights after an early stop.
 */
export class TrainingRun<Pass, R extends AnyReport = AnyReport> {
  best: (FullEvaluation<R> & { weights: Snapshot }) | null = null;
  /** The full evaluation of the weights that the model holds now; null where they have not been scored. */
  current: FullEvaluation<R> | null = null;
  /** Number of steps of the weights that the model holds now. */
  currentStep = 0;
  private readonly watch: Stopwatch;
  private readonly trainer: Trainer<Pass>;
  private readonly capacity: Capacity;
  private readonly fit: StepFit;
  private readonly steps: number;
  private readonly stepsPerEpoch: number;
  /** Texts of `validation` that each kind of evaluation scores. */
  private readonly scored: Readonly<Record<EvaluationEvent["scope"], Int32Array>>;
  private readonly bestSoFar: BestSoFar<R> | null;
  private readonly plateau: Plateau | null;
  private readonly checkpoints: CheckpointAverage | null;
  private readonly earlier: Earlier | null;
  private moving: MovingAverage | null = null;
  private memoryShownAt = -Infinity;
  /** Steps that were reported, and those that were skipped since the last one that was not. */
  private reported = 0;
  private skipped = 0;

  /** Throws a Problem where recipe, model and data do not fit together. */
  constructor(
    private readonly model: Trainable<Pass>,
    private data: RunData<R>,
    private readonly recipe: Recipe,
    private readonly control: RunControl,
  ) {
    const { task, train, validation, rates, maxSteps, earlier, earlierCorpus = null } = data;
    this.watch = new Stopwatch(control);
    checkAverage(recipe);
    const ofTask = model.parameters.filter(({ task }) => task !== "earlier");
    checkSharedLayers(ofTask, recipe);
    checkRandomTrains(ofTask, recipe);
    checkPull(ofTask, recipe);
    checkEarlier(recipe, earlier ? "rows" : earlierCorpus && "corpus");
    const { steps, stepsPerEpoch } = countSteps(recipe, epochSize(train, recipe).rows, maxSteps);
    this.steps = steps;
    this.stepsPerEpoch = stepsPerEpoch;
    this.fit = data.fit ?? unfitted(recipe);
    model.checkpointing = this.fit.checkpointing;
    this.capacity = data.capacity ?? capacityOf(recipe, steps, train, validation, earlier, this.fit.mostTokens);
    this.trainer = new Trainer(model, lossesOf(data, recipe), settingsOf(recipe, steps, rates), this.capacity);
    this.earlier = earlier ? earlierRows(model, { task, ...earlier }, recipe, this.capacity, control) : earlierCorpus;
    // Losses and clippings of the steps that wait to be read, and of those being read.
    const unread = 2 * MOST_STEPS_A_READ;
    runningDevice().reserve([1], Math.min(MOST_LOSSES_RESERVED, unread * recipe.accumulate));
    runningDevice().reserve([3], unread);
    const order = shuffledIndices(textCount(validation), createRandom(recipe.seed));
    const sample = order.slice(0, recipe.evaluationSample).sort();
    const baseline = order.slice(0, Math.min(BASELINE_ROWS, recipe.evaluationSample)).sort();
    this.scored = data.keepsLast
      ? { baseline: sample, sample, full: sample }
      : { baseline, sample, full: Int32Array.from(order.keys()) };
    this.bestSoFar = data.keepsLast ? null : new BestSoFar(task, recipe);
    const { schedule, plateauPatience, plateauFactor, average, averageCount } = recipe;
    this.plateau = schedule === "plateau" ? new Plateau(plateauPatience, plateauFactor) : null;
    this.checkpoints = average === "none" ? null : new CheckpointAverage(average, averageCount);
  }

  /** What trains. */
  get trainable(): ReadonlySet<Parameter> {
    return this.trainer.trainable;
  }

  /** Frees what the run holds, where it does not go on; a run that has ended holds nothing. */
  dispose(): void {
    this.moving?.dispose();
    this.trainer.dispose();
  }

  /** Runs to the end, or until `control` stops it. Throws a Problem when the training diverges. */
  async *events(): AsyncGenerator<TrainEvent<R>> {
    const { resumed = null } = this.data;
    if (!resumed) yield this.plan();
    yield this.memory();
    yield* this.extractOnce();
    if (!resumed) yield* this.evaluate("baseline", 0);
    const { ema, gradualUnfreezing } = this.recipe;
    if (ema > 0) this.moving = new MovingAverage(this.trainer.trainable, ema);
    let { step, inEpoch } = resumed ?? { step: 0, inEpoch: 0 };
    try {
      if (this.earlier && !resumed) {
        this.trainer.consolidation = yield* this.earlier.consolidation((weight) => this.trainer.trainable.has(weight));
      }
      if (resumed) this.restore(resumed);
      let hasStalled = this.bestSoFar?.hasStalled ?? false;
      for (let epoch = resumed?.epoch ?? 0; step < this.steps && !this.control.stops && !hasStalled; epoch++) {
        if (gradualUnfreezing) this.trainer.unfreeze(epoch + 1);
        for await (const event of this.epoch({ epoch, step, inEpoch })) {
          if (event.type === "step") step = event.step;
          yield event;
        }
        const wasStopped = this.control.stops;
        if (wasStopped) await this.keep("stop", { step, epoch, inEpoch: step - epoch * this.stepsPerEpoch });
        inEpoch = 0;
        // Before the first step the weights are those of the checkpoint.
        if (step > 0 && !this.control.skipsEvaluation) yield* this.fullEvaluation(step);
        const isComplete = step === (epoch + 1) * this.stepsPerEpoch;
        // What is a part of an epoch is no point of a data map.
        if (isComplete) yield* this.scoreTrained(epoch + 1);
        hasStalled = this.bestSoFar?.hasStalled ?? false;
        const next = { step, epoch: epoch + 1, inEpoch: 0 };
        if (isComplete && !wasStopped) await this.keep(this.control.stops ? "stop" : "epoch", next);
      }
      yield* this.settle(step, hasStalled && step < this.steps);
    } finally {
      this.dispose();
    }
    const { wallMs, trainingMs } = this.watch;
    const reason = step === this.steps ? "finished" : this.control.stops ? "stopped" : "early";
    yield { type: "end", reason, step, wallMs, trainingMs };
  }

  /** Saves the run after the steps of `place`, where it is time to; its clock stands meanwhile. */
  private async keep(moment: Moment, place: Place): Promise<void> {
    const { saver } = this.data;
    if (place.step > 0 && saver?.isDue(moment, place.step)) await saver.save(this.state(place));
  }

  /** All that the next step depends on, after those of `place`. */
  private state(place: Place): TrainingState {
    const { parameters } = this.model;
    const { best, current, trainer } = this;
    // A head may have started from a probe and not train.
    const changed = parameters.filter((one) => trainer.trainable.has(one) || one.ofHead);
    return {
      ...place,
      clock: this.watch.state,
      weights: held(
        parameters,
        changed.map((one) => [one, one.value]),
      ),
      ...trainer.held(),
      moving: this.moving?.held(parameters) ?? null,
      best: best && { ...evaluated(best), weights: heldSnapshot(parameters, best.weights) },
      current: current && evaluated(current),
      isBestCurrent: best !== null && best === current,
      bestSoFar: this.bestSoFar?.state ?? null,
      plateau: this.plateau?.state ?? null,
      checkpoints: this.checkpoints?.held(parameters) ?? null,
      dynamics: this.data.dynamics?.epochs ?? [],
    };
  }

  /** Puts a saved state in the place of the present one. */
  private restore(state: TrainingState): void {
    const { parameters } = this.model;
    const { best, current, bestSoFar, plateau, checkpoints, moving, consolidation } = state;
    restoreHeld(parameters, state.weights, new Map(parameters.map((one) => [one, one.value])));
    if (consolidation) this.trainer.consolidation = Consolidation.restored(parameters, consolidation, this.recipe.ewc);
    this.trainer.restore(state);
    if (moving) this.moving?.restore(parameters, moving);
    // Reports are those of this run's task, which made them.
    const read = ({ step, report, scores }: FullEvaluation) => ({ step, report: report as R, scores });
    this.best = best && { ...read(best), weights: readHeld(parameters, best.weights) };
    this.current = state.isBestCurrent ? this.best : current && read(current);
    this.currentStep = this.reported = state.step;
    if (bestSoFar && this.bestSoFar) this.bestSoFar.state = { ...bestSoFar };
    if (plateau && this.plateau) this.plateau.state = { ...plateau };
    if (checkpoints) this.checkpoints?.restore(parameters, checkpoints);
    const { dynamics } = this.data;
    dynamics?.epochs.splice(0, dynamics.epochs.length, ...state.dynamics);
    this.watch.restore(state.clock);
  }

  /** Puts the weights into the model that the recipe asks for at the end. */
  private async *settle(step: number, stoppedEarly: boolean): AsyncGenerator<TrainEvent<R>> {
    this.moving?.settle();
    this.moving?.dispose();
    this.moving = null;
    const mean = this.checkpoints?.mean();
    if (mean) {
      restoreSnapshot(mean);
      this.current = null;
      if (!this.control.skipsEvaluation) yield* this.fullEvaluation(step);
    } else if (stoppedEarly && this.best) {
      restoreSnapshot(this.best.weights);
      this.current = this.best;
      this.currentStep = this.best.step;
    }
  }

  /** Where the head alone trains, computes once what it reads of each row. */
  private async *extractOnce(): AsyncGenerator<TrainEvent<R>> {
    const { train, validation } = this.data;
    if (!trainsHeadAlone(this.model, this.trainer.trainable, featureRows({ train, validation }))) return;
    const sets = { train, validation };
    const extracted = yield* extractFeatures(this.model, sets, this.capacity, this.control, () => this.watch.wallMs);
    if (extracted) this.data = { ...this.data, ...extracted };
  }

  private plan(): TrainEvent<R> {
    const { train, validation } = this.data;
    const count = (parameters: Iterable<{ value: { size: number } }>) =>
      [...parameters].reduce((sum, { value }) => sum + value.size, 0);
    return {
      type: "plan",
      task: this.data.task.name,
      steps: this.steps,
      stepsPerEpoch: this.stepsPerEpoch,
      epochs: this.steps / this.stepsPerEpoch,
      trainRows: textCount(train),
      validationRows: textCount(validation),
      ...(train.textStart && { trainWindows: rowCount(train) }),
      tokensPerEpoch: epochSize(train, this.recipe).tokens,
      trainableParameters: count(this.trainer.trainable),
      parameters: count(this.model.parameters.filter(({ task }) => task !== "earlier")),
      ...(this.recipe.precision === "mixed" && { mixedAs: precisionOn(runningDevice(), "mixed") }),
    };
  }

  /** The steps of one epoch from `step` on, `inEpoch` of which are made, with the evaluations on the sample between them. */
  private async *epoch(from: Place): AsyncGenerator<TrainEvent<R>> {
    const { task, train } = this.data;
    const { epoch } = from;
    const { batchSize, accumulate, evaluationsPerEpoch } = this.recipe;
    const reader = new BunchedReader(readSteps);
    const place = { ...from };
    const report = (read: ReadStep<PendingStep, StepNumbers>[]) => this.report(read, reader, place);

    this.watch.start();
    const rows = [...stepRows(sampledOrder(train, this.recipe, epoch), batchSize, accumulate)];
    const isOver = () => place.step >= this.steps || place.inEpoch >= rows.length || this.control.stops;
    for (;;) {
      // Where one of the last steps is skipped, those behind it are made again.
      if (isOver()) yield* report(await reader.rest());
      if (isOver()) break;
      const microBatches = rows[place.inEpoch] ?? [];
      if (this.control.paused) {
        yield* report(await reader.rest());
        this.watch.stop();
        await this.keep("pause", place);
        await this.control.unpaused();
        this.watch.start();
        reader.restart();
        continue;
      }
      const { mostTokens } = this.fit;
      const parts = cutByTokens(train, microBatches, mostTokens);
      const batches = parts.map((some) => task.batchOf(train, some, epoch));
      reader.add(this.trainer.step([...batches, ...(this.earlier?.batchesOf(place.step, mostTokens) ?? [])]));
      this.moving?.update();
      this.current = null;
      this.currentStep = ++place.step;
      place.inEpoch++;
      if (reader.isFull) {
        yield* report(await reader.turn());
        await nextTask();
        if (performance.now() - this.memoryShownAt > MEMORY_EVERY_MS) yield this.memory();
      }
      if (isSampleStep(place.inEpoch, this.stepsPerEpoch, evaluationsPerEpoch) && place.step < this.steps) {
        const { step } = place;
        yield* report(await reader.rest());
        if (place.step < step) continue;
        this.watch.stop();
        yield* this.evaluate("sample", step);
        this.watch.start();
        reader.restart();
      }
      // At its end an epoch is saved with its evaluation.
      const isInside = place.inEpoch < this.stepsPerEpoch && place.step < this.steps;
      if (isInside && this.data.saver?.isDue("step", place.step)) {
        yield* report(await reader.rest());
        this.watch.stop();
        await this.keep("step", place);
        this.watch.start();
        reader.restart();
      }
    }
    this.watch.stop();
  }

  /**
   * Reports steps that were read. One that is not finite is skipped: the steps recorded behind it changed nothing, and
   * `place` goes back to the first of them, so that the numbers do not depend on how many there were; a moving average
   * alone has taken in their weights. Throws a Problem after too many in a row.
   */
  private async *report(
    read: readonly ReadStep<PendingStep, StepNumbers>[],
    reader: BunchedReader<PendingStep, StepNumbers>,
    place: Place,
  ): AsyncGenerator<TrainEvent<R>> {
    for (const [i, one] of read.entries()) {
      const event = this.stepEvent(++this.reported, one);
      if (Number.isFinite(event.loss + event.gradientNorm)) {
        this.skipped = 0;
        yield event;
        continue;
      }
      const behind = [...read.slice(i + 1), ...(await reader.rest())];
      for (const { step } of [one, ...behind]) step.undo();
      this.trainer.goOnAfter(event.step);
      place.step -= behind.length;
      place.inEpoch -= behind.length;
      this.currentStep = place.step;
      yield { ...event, skipped: true };
      if (++this.skipped >= MOST_SKIPPED) throw (this.data.diverged ?? diverged)(event, this.recipe);
      return;
    }
  }

  /** Scores the training rows for a data map, where one is wanted; the clock of the training stands. */
  private async *scoreTrained(epoch: number): AsyncGenerator<TrainEvent<R>> {
    const { dynamics, task, train, labelNames } = this.data;
    if (dynamics)
      yield* dynamics.scoreEpoch(this.model, { task, data: train, labelNames, epoch }, this.capacity, this.control);
  }

  private stepEvent(step: number, { step: pending, numbers }: ReadStep<PendingStep, StepNumbers>): StepEvent {
    const { loss, gradientNorm: norm, finite } = numbers;
    // A gradient can hold what is not finite where its norm, as the device computed it, does not show it.
    const gradientNorm = finite || !Number.isFinite(loss + norm) ? norm : NaN;
    const { learningRate, rows, labels, tokens } = pending;
    const { wallMs, trainingMs } = this.watch;
    const epoch = step / this.stepsPerEpoch;
    const size = { rows, ...(labels !== rows && { targets: labels }), tokens };
    return { type: "step", step, epoch, loss, gradientNorm, learningRate, ...size, wallMs, trainingMs };
  }

  private memory(): TrainEvent<R> {
    this.memoryShownAt = performance.now();
    return { type: "memory", bytes: runningDevice().bytesHeld };
  }

  /** Scores all validation rows, keeps the best weights, and informs the plateau schedule and the mean of checkpoints. */
  private async *fullEvaluation(step: number): AsyncGenerator<TrainEvent<R>> {
    const takeBack = this.moving?.lend();
    try {
      const scored = await this.score("full", step);
      if (!scored) return;
      const { event, scores } = scored;
      const { report } = event;
      const full = scores && { step, report, scores };
      this.current = full;
      yield event;
      yield* this.scoreEarlier(event);
      this.plateau?.see(this.data.task.loss.of(report));
      if (this.plateau) this.trainer.rateFactor = this.plateau.factor;
      if (!this.bestSoFar || !full) return;
      const { metric } = this.bestSoFar;
      const isBest = this.bestSoFar.see(report);
      if (!isBest && !this.checkpoints) return;
      const weights = await takeSnapshot(this.trainer.trainable);
      this.checkpoints?.add(weights, scoreOf(metric, report));
      if (!isBest) return;
      this.best = Object.assign(full, { weights });
      const epoch = step / this.stepsPerEpoch;
      yield { type: "best", step, epoch, metric: metric.key, value: metric.of(report) };
    } finally {
      takeBack?.();
    }
  }

  private async *evaluate(scope: "baseline" | "sample", step: number): AsyncGenerator<TrainEvent<R>> {
    const takeBack = this.moving?.lend();
    try {
      const scored = await this.score(scope, step);
      if (!scored) return;
      yield scored.event;
      yield* this.scoreEarlier(scored.event);
    } finally {
      takeBack?.();
    }
  }

  /** The forgetting meter, at each evaluation of the new task. */
  private async *scoreEarlier({ scope, step, epoch }: EvaluationEvent<R>): AsyncGenerator<TrainEvent<R>> {
    const event = await this.earlier?.score({ scope, step, epoch });
    if (event) yield event;
  }

  /** Null when the run is to end at once, or there is no row to score. */
  private async score(
    scope: EvaluationEvent["scope"],
    step: number,
  ): Promise<{ event: EvaluationEvent<R>; scores: AnyScores | null } | null> {
    const { task, validation, labelNames, scoredBatch: most } = this.data;
    const rows = this.scored[scope];
    if (rows.length === 0) return null;
    const part = { task, data: validation, rows, labelNames, keeps: scope === "full", most };
    const scored = await scoreRows(this.model, part, this.capacity, () => !this.control.skipsEvaluation);
    if (!scored) return null;
    const { report, scores } = scored;
    const { wallMs, trainingMs } = this.watch;
    const epoch = step / this.stepsPerEpoch;
    return { event: { type: "evaluation", scope, step, epoch, report, wallMs, trainingMs }, scores };
  }
}
