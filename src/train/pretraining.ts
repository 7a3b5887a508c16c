import { cutByTokens, epochOrder, rowCount, stepRows } from "../data/batches.ts";
import { FIXED_ROUND, maskedBatch, type MaskingVocabulary } from "../data/masking.ts";
import type { EncodedRows } from "../data/rows.ts";
import { Problem } from "../problem/problem.ts";
import { picked, type Recipe } from "../recipe/recipe.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { TextTask } from "../tasks/task.ts";
import { BunchedReader, type ReadStep } from "./bunched-reader.ts";
import type { RunControl } from "./control.ts";
import type { PretrainEvaluationEvent, PretrainEvent } from "./events.ts";
import { meanLoss } from "./mean-loss.ts";
import { nextTask } from "./next-task.ts";
import { evaluationRows, pretrainCapacity, pretrainRows, type PretrainRows } from "./pretrain-capacity.ts";
import { optimizerFields, plainSettings, unfitted, type StepFit, type TrainerSettings } from "./settings.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Rates, Trainable } from "./trainable.ts";
import { Trainer, type PendingStep } from "./trainer.ts";

/** What continued pretraining works on; labels play no part. */
export interface PretrainData {
  task: TextTask;
  train: EncodedRows;
  /** Looked at only. */
  heldOut: EncodedRows;
  vocabulary: MaskingVocabulary;
  /** Dropout rates of the checkpoint's config, used where the recipe names none. */
  rates: Rates;
  /** Cuts it short, and its schedule with it. */
  maxSteps?: number;
  /** How a step is made to fit into memory; else it is as the recipe has it. */
  fit?: StepFit;
}

interface Waiting extends PendingStep {
  /** Rows of texts; to the trainer what is masked in them counts as rows. */
  texts: number;
}

/**
 * Continued pretraining of a masked language model on texts (Gururangan et al. 2020): all weights train, by AdamW at
 * the recipe's rate for it, with a linear schedule and the recipe's warm-up share, decay and clipping. Rows without a
 * token to mask are left out.
 */
export class Pretraining<Pass> {
  private readonly rows: PretrainRows;
  private readonly capacity: Required<Capacity>;
  private readonly fit: StepFit;
  private readonly steps: number;
  private readonly stepsPerEpoch: number;
  private readonly trainer: Trainer<Pass>;
  private readonly watch: Stopwatch;

  /** Throws a Problem when no row has a token to mask, or one has more than the device can hold the logits of. */
  constructor(
    private readonly model: Trainable<Pass>,
    private readonly data: PretrainData,
    private readonly recipe: Recipe,
    private readonly control: RunControl,
  ) {
    const { rows, steps, stepsPerEpoch } = pretrainRows(data, recipe);
    this.rows = rows;
    this.watch = new Stopwatch(control);
    this.steps = steps;
    this.stepsPerEpoch = stepsPerEpoch;
    this.fit = data.fit ?? unfitted(recipe);
    model.checkpointing = this.fit.checkpointing;
    this.capacity = pretrainCapacity(recipe, this.steps, this.rows, this.fit.mostTokens);
    this.trainer = new Trainer(model, () => data.task.plainLoss(model.tables.word), this.settings(), this.capacity);
  }

  /** Runs to the end, or until `control` stops it. Throws a Problem when the training diverges. */
  async *events(): AsyncGenerator<PretrainEvent> {
    try {
      yield* this.evaluate(0);
      let step = 0;
      for (let epoch = 0; step < this.steps && !this.control.stops; epoch++) {
        for await (const event of this.epoch(epoch, step)) {
          ({ step } = event);
          yield event;
        }
        if (!this.control.skipsEvaluation) yield* this.evaluate(step);
      }
    } finally {
      this.trainer.dispose();
    }
  }

  private async *epoch(epoch: number, done: number): AsyncGenerator<PretrainEvent> {
    const { batchSize, seed } = this.recipe;
    const { train, vocabulary, masking, accumulate } = this.rows;
    let step = done;
    const reader = new BunchedReader<Waiting>();
    let told = step;
    const stepEvent = (one: ReadStep<Waiting>) => this.stepEvent(++told, one);
    function* events(steps: ReadStep<Waiting>[]): Generator<PretrainEvent> {
      for (const one of steps) yield stepEvent(one);
    }
    this.watch.start();
    for (const parts of stepRows(epochOrder(rowCount(train), seed, epoch), batchSize, accumulate)) {
      if (this.control.paused) {
        yield* events(await reader.rest());
        this.watch.stop();
        await this.control.unpaused();
        this.watch.start();
        reader.restart();
      }
      if (step >= this.steps || this.control.stops) break;
      const cut = cutByTokens(train, parts, this.fit.mostTokens);
      const batches = cut.map((rows) => maskedBatch(train, rows, vocabulary, masking, epoch));
      const texts = parts.reduce((sum, { length }) => sum + length, 0);
      reader.add({ ...this.trainer.step(batches), texts });
      step++;
      if (!reader.isFull) continue;
      yield* events(await reader.turn());
      await nextTask();
    }
    yield* events(await reader.rest());
    this.watch.stop();
  }

  private stepEvent(step: number, { step: pending, numbers }: ReadStep<Waiting>): PretrainEvent {
    const { loss, gradientNorm, finite } = numbers;
    if (!finite) {
      throw new Problem({
        found: `At step ${step} of the pretraining the loss was ${loss} and the gradient norm ${gradientNorm}.`,
        expected: "Both were expected to be finite numbers: the pretraining diverged.",
        remedy: "Lower the rate of pretraining or raise the warm-up, then start again.",
      });
    }
    const { learningRate, texts: rows, rows: masked, tokens } = pending;
    const numbersOfStep = { loss, gradientNorm, learningRate, rows, tokens, masked };
    return { type: "pretrainStep", ...this.at(step), ...numbersOfStep, ...this.times() };
  }

  /** Nothing where no row was held out, or when the run was told to end at once. */
  private async *evaluate(step: number): AsyncGenerator<PretrainEvaluationEvent> {
    if (this.rows.sample.length === 0) return;
    const { heldOut, sample, vocabulary, masking } = this.rows;
    const batches = evaluationRows(this.rows, this.capacity.tokens).map((rows) =>
      maskedBatch(heldOut, rows, vocabulary, masking, FIXED_ROUND),
    );
    const keepsGoing = () => !this.control.skipsEvaluation;
    const task = this.data.task.plainLoss(this.model.tables.word);
    const scored = await meanLoss(this.model, task, batches, this.capacity, keepsGoing).finally(() => task.dispose());
    if (!scored) return;
    const { mean: loss, labels: masked } = scored;
    const perplexity = Math.exp(loss);
    const numbers = { loss, perplexity, rows: sample.length, masked };
    yield { type: "pretrainEvaluation", ...this.at(step), ...numbers, ...this.times() };
  }

  private at(step: number) {
    return { step, steps: this.steps, epoch: step / this.stepsPerEpoch };
  }

  private times() {
    const { trainingMs, wallMs } = this.watch;
    return { trainingMs, wallMs };
  }

  private settings(): TrainerSettings {
    const { recipe, steps, data } = this;
    return {
      ...plainSettings(recipe.pretrainLearningRate),
      ...picked(recipe, [...optimizerFields, "seed"]),
      schedule: "linear",
      warmupSteps: Math.ceil(recipe.warmupShare * steps),
      steps,
      rates: {
        hidden: recipe.hiddenDropout ?? data.rates.hidden,
        attention: recipe.attentionDropout ?? data.rates.attention,
        classifier: 0,
      },
    };
  }
}
